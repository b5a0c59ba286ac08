package dev.athanor.engine.query;

import dev.athanor.engine.UserException;

/// A BUILD file is in error: no fault of the query, so nobody needs to see which part of it asked.
final class BrokenPackage extends UserException {
  private static final long serialVersionUID = 1;

  BrokenPackage(UserException cause) {
    super(String.valueOf(cause.getMessage()), cause.hint().orElse(""), cause);
  }
}
