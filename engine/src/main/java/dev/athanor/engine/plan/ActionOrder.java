package dev.athanor.engine.plan;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.Artifact;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Finds the actions that artifacts take, in an order in which whatever makes an input comes first.
final class ActionOrder {
  private final ActionGraph graph;
  private final List<Action> order = new ArrayList<>();

  /// Whether each action that was met is in the order already. Those that are not need, one by one,
  /// what is above them in `path`. By outputs: an action's first output is its name.
  private final Map<Artifact, Boolean> placed = new HashMap<>();

  private final ArrayDeque<Visit> path = new ArrayDeque<>();

  private record Visit(Action action, Iterator<Artifact> inputs) {}

  private ActionOrder(ActionGraph graph) {
    this.graph = graph;
  }

  /// @throws UserException when actions need each other's outputs
  static List<Action> of(ActionGraph graph, Collection<Artifact> wanted) {
    ActionOrder order = new ActionOrder(graph);
    wanted.forEach(order::place);
    return order.order;
  }

  /// A loop and not a recursion: chains are long.
  private void place(Artifact artifact) {
    visit(artifact);
    while (!path.isEmpty()) {
      Visit at = path.peek();
      if (at.inputs.hasNext()) {
        visit(at.inputs.next());
      } else {
        path.pop();
        placed.put(name(at.action), true);
        order.add(at.action);
      }
    }
  }

  private void visit(Artifact artifact) {
    if (!(artifact instanceof Artifact.Derived derived)) {
      return;
    }
    Action action =
        graph
            .producer(derived)
            .orElseThrow(() -> new IllegalStateException("no action makes " + derived));
    Boolean known = placed.putIfAbsent(name(action), false);
    if (known == null) {
      path.push(new Visit(action, action.inputs().iterator()));
    } else if (!known) {
      throw cycle(action);
    }
  }

  private UserException cycle(Action action) {
    List<String> steps = new ArrayList<>(List.of(action.describe()));
    for (Visit visit : path) {
      steps.add(visit.action.describe());
      if (visit.action.equals(action)) {
        break;
      }
    }
    return new UserException(
        "these actions need each other's outputs:\n    " + String.join("\n    ", steps.reversed()));
  }

  private static Artifact name(Action action) {
    return action.outputs().getFirst();
  }
}
