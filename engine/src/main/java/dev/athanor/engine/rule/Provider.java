package dev.athanor.engine.rule;

/// A typed value that a target hands to those who depend on it: an immutable record.
public interface Provider {
  /// What it is looked up by: its class, unless one class stands for many kinds.
  default Object kind() {
    return getClass();
  }
}
