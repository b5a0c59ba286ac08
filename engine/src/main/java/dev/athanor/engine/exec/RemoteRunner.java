package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/// Runs actions on other machines. Safe for use by many threads.
///
/// Whatever keeps it from running an action is a [RemoteRunException], or another [IOException]; an
/// action that ran and failed is none. Outputs need not be in the store when it returns: they are
/// where the store finds them.
public interface RemoteRunner {
  /// Whether it can run the action at all, as far as the action itself tells. Talks to nobody.
  boolean takes(Action action);

  /// Runs a command where workers lay out its inputs and outputs.
  ///
  /// @param key of the action: for another key, it is another action
  /// @param inputs by path below where it starts, without the root filesystem
  /// @throws dev.athanor.engine.cas.MissingBlobException when an input is nowhere to be found
  SpawnRunner.Result run(
      Action.Command command, Digest key, SortedMap<RelativePath, Content> inputs, Duration timeout)
      throws IOException, InterruptedException;

  /// Runs a built-in.
  ///
  /// @param key of the action
  /// @param references blobs that the inputs refer to, as far as anybody knows; asked for at most
  ///   once
  /// @throws dev.athanor.engine.action.ActionException when the action fails there
  /// @throws dev.athanor.engine.cas.MissingBlobException when a blob that it reads is nowhere to be
  ///   found
  ActionResult run(
      Action.Builtin action,
      Digest key,
      Map<Artifact, Content> inputs,
      Supplier<Set<Digest>> references)
      throws IOException, InterruptedException;
}
