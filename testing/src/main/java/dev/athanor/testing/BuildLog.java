package dev.athanor.testing;

import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Outcome;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What becomes of the actions of a build.
final class BuildLog implements EventSink {
  private final BitSet executed = new BitSet();
  private final SortedMap<Integer, String> failures = new TreeMap<>();

  @Override
  public synchronized void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.ActionFinished(var number, var action, var outcome, _) -> {
        switch (outcome) {
          case Outcome.Executed _ -> executed.set(number);
          case Outcome.Failed failed -> failures.put(number, BuildFailed.text(action, failed));
          case Outcome.CacheHit _, Outcome.UpToDate _, Outcome.Skipped _ -> {}
        }
      }
      case BuildEvent.Loading _,
          BuildEvent.Executing _,
          BuildEvent.ActionStarted _,
          BuildEvent.ActionProgress _,
          BuildEvent.SandboxChosen _,
          BuildEvent.Notice _,
          BuildEvent.Verifying _,
          BuildEvent.Finished _ -> {}
    }
  }

  /// Begins anew.
  synchronized void clear() {
    executed.clear();
    failures.clear();
  }

  synchronized BitSet executed() {
    return (BitSet) executed.clone();
  }

  synchronized List<String> failures() {
    return List.copyOf(failures.values());
  }
}
