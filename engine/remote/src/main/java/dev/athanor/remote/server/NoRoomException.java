package dev.athanor.remote.server;

import java.io.IOException;

/// The cache is full of what was used a moment ago.
final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1;

  NoRoomException() {
    super("the cache is full, and all that is in it was used a moment ago");
  }
}
