package dev.athanor.engine.action;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.RelativePath;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A step of the build: a pure function from its inputs to its outputs.
///
/// The engine knows two kinds and no more. A new craft adds [ActionType]s, which [Builtin] carries.
public sealed interface Action {
  /// The target that declared it.
  Label owner();

  /// What it does, in a word: `genrule`, `add-layer`.
  String mnemonic();

  List<Artifact> inputs();

  /// Never empty, in declared order; the first one names the action.
  List<Artifact.Derived> outputs();

  /// Whether a result may stand for a later run.
  default boolean cacheable() {
    return switch (this) {
      case Command _ -> true;
      case Builtin builtin -> builtin.type().cacheable();
    };
  }

  /// The platform that another target wants its outputs for, or nothing.
  default String platform() {
    return outputs().getFirst().platform();
  }

  /// Where an input stands below the action's root. Inputs for other platforms than its own, which
  /// an action has that puts several platforms together, stand aside.
  default RelativePath place(Artifact input) {
    return input instanceof Artifact.Derived derived && !derived.platform().equals(platform())
        ? RelativePath.of(derived.uniquePath())
        : input.path();
  }

  /// For people: `add-layer //app:image`, or `add-layer //app:image for linux/arm64`.
  default String describe() {
    return mnemonic() + " " + owner() + (platform().isEmpty() ? "" : " for " + platform());
  }

  /// Runs a program in a sandbox.
  ///
  /// @param argv program and arguments; inputs and outputs by their paths, which are relative to
  ///   where it starts
  /// @param env the whole environment
  /// @param root what it sees as `/`
  /// @param network whether it may reach the network, which makes it less than pure; part of the
  ///   key
  /// @param needs what it takes to run it; not part of the key
  /// @param log the one of its outputs that is made of all it prints, on both streams, and not by
  ///   the program itself
  record Command(
      Label owner,
      String mnemonic,
      List<String> argv,
      SortedMap<String, String> env,
      List<Artifact> inputs,
      List<Artifact.Derived> outputs,
      ExecutionRoot root,
      boolean network,
      Optional<Duration> timeout,
      Needs needs,
      Optional<Artifact.Derived> log)
      implements Action {
    /// Where every command starts, in whatever sandbox.
    public static final String DIRECTORY = "/build";

    /// A command that keeps nothing of what it prints.
    public Command(
        Label owner,
        String mnemonic,
        List<String> argv,
        SortedMap<String, String> env,
        List<Artifact> inputs,
        List<Artifact.Derived> outputs,
        ExecutionRoot root,
        boolean network) {
      this(
          owner,
          mnemonic,
          argv,
          env,
          inputs,
          outputs,
          root,
          network,
          Optional.empty(),
          Needs.ONE,
          Optional.empty());
    }

    public Command {
      argv = List.copyOf(argv);
      env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /// What it takes to bring an action to its end.
  ///
  /// @param cpus at least one
  /// @param memoryBytes zero where unknown
  /// @param attempts how often it is tried until it succeeds, at least once
  record Needs(int cpus, long memoryBytes, int attempts) {
    /// One processor, nobody knows how much memory, and one attempt.
    public static final Needs ONE = new Needs(1, 0, 1);

    /// Bytes in the unit in which memory is told and remembered.
    public static final long MEBIBYTE = 1 << 20;

    public Needs {
      if (cpus < 1 || memoryBytes < 0 || attempts < 1) {
        throw new IllegalArgumentException(
            cpus + " processors, " + memoryBytes + " bytes, " + attempts + " attempts");
      }
    }
  }

  /// Runs inside this process, on the store.
  ///
  /// @param params what the type wants to know besides its inputs; all of it is in the key
  record Builtin(
      Label owner,
      ActionType type,
      SortedMap<String, String> params,
      List<Artifact> inputs,
      List<Artifact.Derived> outputs)
      implements Action {
    public Builtin {
      params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    @Override
    public String mnemonic() {
      return type.mnemonic();
    }
  }
}
