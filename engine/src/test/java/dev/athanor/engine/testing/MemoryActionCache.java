package dev.athanor.engine.testing;

import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// An action cache on the heap.
public final class MemoryActionCache implements ActionCache {
  private final Map<Digest, ActionResult> results = new ConcurrentHashMap<>();

  @Override
  public Optional<ActionResult> get(Digest key) {
    return Optional.ofNullable(results.get(key));
  }

  @Override
  public void put(Digest key, ActionResult result) {
    results.put(key, result);
  }

  @Override
  public void remove(Digest key) {
    results.remove(key);
  }

  public void clear() {
    results.clear();
  }
}
