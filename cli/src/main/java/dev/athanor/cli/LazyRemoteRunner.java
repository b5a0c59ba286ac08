package dev.athanor.cli;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RemoteRunner;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.remote.execution.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/// A remote runner that is made for the first action that is sent: what it speaks takes half a
/// second to start.
record LazyRemoteRunner(Workers workers, Supplier<? extends RemoteRunner> runner)
    implements RemoteRunner {
  @Override
  public boolean takes(Action action) {
    return workers.take(action);
  }

  @Override
  public SpawnRunner.Result run(
      Action.Command command, Digest key, SortedMap<RelativePath, Content> inputs, Duration timeout)
      throws IOException, InterruptedException {
    return runner.get().run(command, key, inputs, timeout);
  }

  @Override
  public ActionResult run(
      Action.Builtin action,
      Digest key,
      Map<Artifact, Content> inputs,
      Supplier<Set<Digest>> references)
      throws IOException, InterruptedException {
    return runner.get().run(action, key, inputs, references);
  }
}
