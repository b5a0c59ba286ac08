package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An action within one build. Its edges are fixed before anything runs.
final class ActionNode {
  final Action action;
  final List<ActionNode> dependencies = new ArrayList<>();
  final List<ActionNode> dependents = new ArrayList<>();

  /// Dependencies that are not Done; at zero the action is Ready.
  final AtomicInteger waitingFor = new AtomicInteger();

  /// The number of actions on the longest chain from here to the end of the build.
  long urgency;

  /// Held while the action runs, so that it never runs twice at once when a lost output brings it
  /// back.
  final ReentrantLock running = new ReentrantLock();

  volatile @Nullable Outcome outcome;

  ActionNode(Action action) {
    this.action = action;
  }

  /// The result, once the action is Done.
  @Nullable ActionResult result() {
    return switch (outcome) {
      case Outcome.Executed executed -> executed.result();
      case Outcome.CacheHit hit -> hit.result();
      case Outcome.Failed _, Outcome.Skipped _ -> null;
      case null -> null;
    };
  }

  /// Whether losing this blob means that the action's result is lost.
  boolean made(Digest digest) {
    ActionResult result = result();
    return result != null
        && (result.references().contains(digest)
            || result.outputs().values().stream().anyMatch(content -> isOrHolds(content, digest)));
  }

  /// A tree counts as holding any blob: looking inside would need the very blobs that may be lost.
  private static boolean isOrHolds(Content content, Digest digest) {
    return switch (content) {
      case Content.File(var file, _) -> file.equals(digest);
      case Content.Tree _ -> true;
      case Content.Symlink _ -> false;
    };
  }
}
