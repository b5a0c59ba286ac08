package dev.athanor.engine.verify;

import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.util.Optional;

/// Lets others have only those results that are known to depend on no circumstance at all.
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
    boolean verified;
    try {
      verified = ledger.isWhole(key.digest(), result.outputs());
    } catch (IOException e) {
      // Sharing fails no build.
      verified = false;
    }
    if (verified) {
      cache.share(key, result);
    }
  }

  @Override
  public ActionCache near() {
    return cache.near();
  }
}
