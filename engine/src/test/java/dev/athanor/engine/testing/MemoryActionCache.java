package dev.athanor.engine.testing;

import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// An action cache on the heap.
public final class MemoryActionCache implements ActionCache {
  private final Map<Digest, ActionResult> results = new ConcurrentHashMap<>();

  @Override
  public Optional<ActionResult> get(ActionKey key) {
    return Optional.ofNullable(results.get(key.digest()));
  }

  @Override
  public void put(ActionKey key, ActionResult result) {
    results.put(key.digest(), result);
  }
}
