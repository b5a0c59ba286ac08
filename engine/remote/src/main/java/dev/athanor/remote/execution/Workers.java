package dev.athanor.remote.execution;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ExecutionRoot;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the user says of the machines that actions are sent to.
///
/// @param instance which of a server's instances is meant; may be empty
/// @param platform properties by which workers are chosen
/// @param hostTools whether they have the same tools as this host
/// @param runner the words that start Athanor there; none when they have no Athanor
/// @param patience how long an action may stay there, all its waiting included
public record Workers(
    String instance,
    SortedMap<String, String> platform,
    boolean hostTools,
    List<String> runner,
    Duration patience) {
  /// As long as an action may take and then some: queues are long in the morning.
  public static final Duration PATIENCE = Duration.ofHours(2);

  public Workers {
    platform = Collections.unmodifiableSortedMap(new TreeMap<>(platform));
    runner = List.copyOf(runner);
  }

  /// Whether they can run the action. A command needs tools that they have, a built-in an Athanor.
  public boolean take(Action action) {
    return switch (action) {
      case Action.Builtin builtin -> builtin.type().portable() && !runner.isEmpty();
      case Action.Command command ->
          !command.network()
              && switch (command.root()) {
                case ExecutionRoot.Host _ -> hostTools;
                case ExecutionRoot.Image(_, var name) -> name.isPresent();
              };
    };
  }
}
