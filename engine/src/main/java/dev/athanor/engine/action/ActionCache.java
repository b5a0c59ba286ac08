package dev.athanor.engine.action;

import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.util.Optional;

/// Results by the digests of action keys. Holds successes only. Safe for use by many threads.
public interface ActionCache {
  /// The result stored for `key`. That its blobs are still there is for the caller to check. A
  /// damaged entry is absent.
  Optional<ActionResult> get(Digest key) throws IOException;

  /// Forgets what is stored for `key`, if anything is.
  void remove(Digest key) throws IOException;

  /// Stores a result; the blobs it names are in the store already.
  void put(Digest key, ActionResult result) throws IOException;

  /// Lets others have a result that was made here and is stored already. Does not wait for it.
  default void share(ActionKey key, ActionResult result) {}

  /// The part of the cache that answers at once.
  default ActionCache near() {
    return this;
  }
}
