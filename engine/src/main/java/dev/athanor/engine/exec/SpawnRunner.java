package dev.athanor.engine.exec;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Runs a command over inputs from the store: lays them out in a scratch directory, runs it in a
/// sandbox with that directory as `/build`, takes the declared outputs into the store and drops
/// everything else.
public interface SpawnRunner {
  /// @throws dev.athanor.engine.cas.MissingBlobException when an input is no longer in the store
  Result run(Request request) throws IOException, InterruptedException;

  /// Runs a command on this process's own terminal and streams, in all else as [#run] does. What it
  /// makes is dropped.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when an input is no longer in the store
  Exit attach(Request request) throws IOException, InterruptedException;

  /// What the sandbox behind it is called.
  String name();

  /// Whether what the command can see is only what it was given.
  boolean hermetic();

  /// As [Sandbox#varies].
  Set<Factor> varies();

  /// @param inputs by path below `/build`; they are read-only there
  /// @param outputs paths below `/build` whose content is wanted afterwards; their parents exist
  ///   beforehand
  /// @param trees those of `outputs` that are directories beforehand
  /// @param oneStream whether errors go where other output goes
  /// @param root what the command sees as `/`
  /// @param keep leaves the scratch directory behind, for people to look at
  /// @param varied what is to be otherwise than it is in builds
  record Request(
      List<String> argv,
      SortedMap<String, String> env,
      SortedMap<RelativePath, Content> inputs,
      List<RelativePath> outputs,
      Set<RelativePath> trees,
      boolean oneStream,
      Spawn.Root root,
      List<Spawn.Bind> binds,
      boolean network,
      Spawn.Limits limits,
      boolean keep,
      Set<Factor> varied) {
    public Request {
      argv = List.copyOf(argv);
      env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
      inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
      outputs = List.copyOf(outputs);
      trees = Set.copyOf(trees);
      binds = List.copyOf(binds);
      varied = Factor.setOf(varied);
    }
  }

  /// @param outputs what stands at the declared paths; a path that the command left empty is absent
  /// @param stdout what it printed, in the store
  /// @param stderr empty where there was one stream
  /// @param kept the scratch directory, where it was to be kept
  record Result(
      Exit exit,
      Map<RelativePath, Content> outputs,
      Digest stdout,
      Digest stderr,
      Duration layout,
      Optional<Path> kept) {
    public Result {
      outputs = Map.copyOf(outputs);
    }
  }
}
