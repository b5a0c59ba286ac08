package dev.athanor.engine.verify;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.BuiltinContext;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Rerun;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Runs actions of all kinds once more.
public final class Reruns {
  private static final Set<Factor> OF_COMMANDS = EnumSet.complementOf(EnumSet.of(Factor.THREADS));

  /// Where an image says who runs a command, and where, that is part of the command. So is the mode
  /// of new files, which the image keeps.
  private static final Set<Factor> OF_COMMANDS_IN_BUILTINS =
      EnumSet.complementOf(EnumSet.of(Factor.USER, Factor.PATH, Factor.UMASK));

  private static final Set<Factor> OF_BUILTINS = EnumSet.of(Factor.THREADS);

  private final ActionRunner runner;
  private final Builtins builtins;
  private final BlobStore blobs;

  /// Types of built-ins that do what they always do, in other circumstances.
  @FunctionalInterface
  public interface Builtins {
    ActionTypes under(Set<Factor> varied);
  }

  public Reruns(ActionRunner runner, Builtins builtins, BlobStore blobs) {
    this.runner = runner;
    this.builtins = builtins;
    this.blobs = blobs;
  }

  /// What an action could depend on.
  static Set<Factor> concerning(Action action) {
    return switch (action) {
      case Action.Command _ -> OF_COMMANDS;
      case Action.Builtin builtin ->
          builtin.type().spawns() ? OF_COMMANDS_IN_BUILTINS : OF_BUILTINS;
    };
  }

  /// What of that can be varied here.
  Set<Factor> varies(Action action) {
    Set<Factor> varies = EnumSet.copyOf(concerning(action));
    // Asked only where it matters: a sandbox would have to be found.
    varies.removeIf(factor -> factor != Factor.THREADS && !runner.varies().contains(factor));
    return varies;
  }

  Rerun run(Action action, Map<Artifact, Content> inputs, Set<Factor> varied)
      throws IOException, InterruptedException {
    return switch (action) {
      case Action.Command command -> runner.rerun(command, inputs, varied);
      case Action.Builtin builtin -> run(builtin, inputs, varied);
    };
  }

  private Rerun run(Action.Builtin action, Map<Artifact, Content> inputs, Set<Factor> varied)
      throws IOException, InterruptedException {
    Action.Builtin other =
        new Action.Builtin(
            action.owner(),
            builtins.under(varied).type(action.type().id()),
            action.params(),
            action.inputs(),
            action.outputs());
    try {
      return new Rerun.Made(BuiltinContext.run(other, inputs, blobs).outputs());
    } catch (ActionException e) {
      // What a command printed stands below the reason.
      String[] lines = String.valueOf(e.getMessage()).split("\n", 2);
      return new Rerun.Failed(lines[0], lines.length == 1 ? "" : lines[1]);
    }
  }
}
