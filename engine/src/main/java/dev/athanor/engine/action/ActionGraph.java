package dev.athanor.engine.action;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which action makes which artifact. Immutable.
public final class ActionGraph {
  private final Map<Artifact.Derived, Action> producers;

  private ActionGraph(Map<Artifact.Derived, Action> producers) {
    this.producers = producers;
  }

  /// @throws UserException when two actions make the same path, or one makes a path below another's
  ///   tree
  public static ActionGraph of(Collection<Action> actions) {
    Map<Artifact.Derived, Action> producers = HashMap.newHashMap(actions.size());
    Map<String, Action> byPath = HashMap.newHashMap(actions.size());
    for (Action action : actions) {
      for (Artifact.Derived output : action.outputs()) {
        Action other = byPath.putIfAbsent(output.uniquePath(), action);
        if (other != null) {
          throw new UserException(
              "two actions make "
                  + output.visiblePath()
                  + ": "
                  + other.describe()
                  + " and "
                  + action.describe(),
              "give one of the outputs another name");
        }
        producers.put(output, action);
      }
    }
    for (Artifact.Derived output : producers.keySet()) {
      checkNotInside(output, byPath);
    }
    return new ActionGraph(producers);
  }

  /// The action that makes `artifact`.
  public Optional<Action> producer(Artifact.Derived artifact) {
    return Optional.ofNullable(producers.get(artifact));
  }

  private static void checkNotInside(Artifact.Derived output, Map<String, Action> byPath) {
    for (var above = RelativePath.of(output.uniquePath()).parent();
        !above.isRoot();
        above = above.parent()) {
      Action owner = byPath.get(above.text());
      if (owner != null) {
        throw new UserException(
            "the output " + output.visiblePath() + " lies below an output of " + owner.describe(),
            "give one of the outputs another name");
      }
    }
  }
}
