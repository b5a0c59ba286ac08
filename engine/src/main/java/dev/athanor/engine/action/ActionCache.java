package dev.athanor.engine.action;

import java.io.IOException;
import java.util.Optional;

/// Results by action key. Holds successes only. Safe for use by many threads.
public interface ActionCache {
  /// The result stored for `key`. That its blobs are still there is for the caller to check. A
  /// damaged entry is absent.
  Optional<ActionResult> get(ActionKey key) throws IOException;

  /// Stores a result; the blobs it names are in the store already.
  void put(ActionKey key, ActionResult result) throws IOException;
}
