package dev.athanor.engine.verify;

import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Lets others have only those results that are known not to depend on circumstances.
///
/// @param cache what they share
public record VerifiedOnly(ActionCache cache, Ledger ledger) implements ActionCache {
  @Override
  public Optional<ActionResult> get(Digest key) throws IOException {
    return cache.get(key);
  }

  @Override
  public void remove(Digest key) throws IOException {
    cache.remove(key);
  }

  @Override
  public void put(Digest key, ActionResult result) throws IOException {
    cache.put(key, result);
  }

  @Override
  public void share(ActionKey key, ActionResult result) {
    try {
      if (ledger.verified(key.digest(), result.outputs()).isPresent()) {
        cache.share(key, result);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ActionCache near() {
    return cache.near();
  }
}
