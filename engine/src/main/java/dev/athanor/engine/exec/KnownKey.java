package dev.athanor.engine.exec;

import dev.athanor.engine.action.ActionKey;

/// What can be said of an action's key before anything has run.
public sealed interface KnownKey {
  /// The key that the action has as things are.
  ///
  /// @param cached whether there is a result for it
  record Known(ActionKey key, boolean cached) implements KnownKey {}

  /// An input is yet to be made.
  record Unknown(String because) implements KnownKey {}
}
