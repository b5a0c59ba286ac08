package dev.athanor.oci.registry;

import java.time.Instant;

/// A short-lived token of a token server.
record Token(String value, Instant expires) {
  boolean isFresh(Instant now) {
    return now.isBefore(expires);
  }

  @Override
  public String toString() {
    return "token until " + expires;
  }
}
