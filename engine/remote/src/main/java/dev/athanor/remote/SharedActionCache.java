package dev.athanor.remote;

import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The results near by, and behind them those that others made. The two never mix: what is found
/// over there is known to this process and goes into no cache that another build might trust more.
/// That its blobs can be had is for the caller to check, as everywhere.
public final class SharedActionCache implements ActionCache {
  private final ActionCache near;
  private final RemoteCache remote;
  private final SharedBlobStore blobs;
  private final Trust trust;
  private final Optional<Uploads> uploads;
  private final Traffic traffic;

  private final Map<Digest, ActionResult> found = new ConcurrentHashMap<>();

  /// What was removed: it is not to come back from over there.
  private final Set<Digest> refuted = ConcurrentHashMap.newKeySet();

  /// @param trust whose word counts
  /// @param uploads for results that are made here, when others are to have them
  public SharedActionCache(
      ActionCache near,
      RemoteCache remote,
      SharedBlobStore blobs,
      Trust trust,
      Optional<Uploads> uploads,
      Traffic traffic) {
    this.near = near;
    this.remote = remote;
    this.blobs = blobs;
    this.trust = trust;
    this.uploads = uploads;
    this.traffic = traffic;
  }

  @Override
  public Optional<ActionResult> get(Digest key) throws IOException {
    Optional<ActionResult> here = near.get(key);
    if (here.isPresent() || refuted.contains(key)) {
      return here;
    }
    ActionResult known = found.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<ActionResult> there = ask(key);
    if (there.isEmpty()) {
      traffic.missed();
      return there;
    }
    if (remote.isWhole()) {
      assume(there.get());
    }
    traffic.hit();
    found.put(key, there.get());
    return there;
  }

  /// Whether the result of that key, which somebody was given, came from over there.
  public boolean cameFromThere(Digest key) {
    return found.containsKey(key);
  }

  private Optional<ActionResult> ask(Digest key) throws IOException {
    try {
      return remote.result(key).filter(wire -> trust.accepts(key, wire)).flatMap(this::read);
    } catch (RemoteException e) {
      return Optional.empty();
    }
  }

  /// Nothing where it is no result of ours, or one that should not have been shared.
  private Optional<ActionResult> read(build.bazel.remote.execution.v2.ActionResult wire) {
    try {
      ActionResult result = ActionResult.ofWire(wire);
      boolean usable = wire.getExitCode() == 0 && result.hermetic() && !result.outputs().isEmpty();
      return usable ? Optional.of(result) : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private void assume(ActionResult result) throws IOException {
    Set<Digest> named = new HashSet<>(result.references());
    try {
      for (Content content : result.outputs().values()) {
        Trees.addBlobs(content, blobs, named);
      }
      blobs.assume(named);
    } catch (MissingBlobException | CorruptBlobException e) {
      // Whoever checks will notice.
    }
  }

  @Override
  public void remove(Digest key) throws IOException {
    refuted.add(key);
    found.remove(key);
    near.remove(key);
  }

  @Override
  public void put(Digest key, ActionResult result) throws IOException {
    near.put(key, result);
  }

  @Override
  public void share(ActionKey key, ActionResult result) {
    if (result.hermetic()) {
      uploads.ifPresent(queue -> queue.add(key, result));
    }
  }

  @Override
  public ActionCache near() {
    return near;
  }
}
