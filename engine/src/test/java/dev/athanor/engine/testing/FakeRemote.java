package dev.athanor.engine.testing;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.RemoteRunner;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Another machine that only pretends: every output says that it was made there.
public final class FakeRemote implements RemoteRunner {
  /// What happens before anything is made there.
  @FunctionalInterface
  public interface Trouble {
    void meet(Action action) throws IOException, InterruptedException;
  }

  /// The names of the actions that were sent.
  public final List<String> sent = Collections.synchronizedList(new ArrayList<>());

  /// What inputs were said to refer to.
  public final List<Set<Digest>> references = Collections.synchronizedList(new ArrayList<>());

  private final BlobStore blobs;
  private volatile Trouble trouble = _ -> {};
  private volatile int code;

  public FakeRemote(BlobStore blobs) {
    this.blobs = blobs;
  }

  public FakeRemote with(Trouble what) {
    trouble = what;
    return this;
  }

  /// Every command ends with this exit code.
  public FakeRemote ends(int with) {
    code = with;
    return this;
  }

  @Override
  public boolean takes(Action action) {
    return switch (action) {
      case Action.Command command -> !command.network();
      case Action.Builtin builtin -> builtin.type().portable();
    };
  }

  @Override
  public SpawnRunner.Result run(
      Action.Command command, Digest key, SortedMap<RelativePath, Content> inputs, Duration timeout)
      throws IOException, InterruptedException {
    sent.add(command.owner().name());
    trouble.meet(command);
    Map<RelativePath, Content> outputs = new HashMap<>();
    for (Artifact.Derived output : command.outputs()) {
      outputs.put(output.path(), made());
    }
    Exit exit = new Exit(new Exit.Cause.Code(code), Duration.ofMillis(1), 0);
    return new SpawnRunner.Result(
        exit, outputs, blobs.put(new byte[0]), Digest.EMPTY, Duration.ZERO, Optional.empty());
  }

  @Override
  public ActionResult run(
      Action.Builtin action, Digest key, Map<Artifact, Content> inputs, Supplier<Set<Digest>> known)
      throws IOException, InterruptedException {
    sent.add(action.owner().name());
    references.add(known.get());
    trouble.meet(action);
    TreeMap<RelativePath, Content> outputs = new TreeMap<>();
    for (Artifact.Derived output : action.outputs()) {
      outputs.put(output.path(), made());
    }
    return new ActionResult(outputs, Set.of(), Digest.EMPTY, Digest.EMPTY, true);
  }

  private Content made() throws IOException {
    return new Content.File(blobs.put("remote".getBytes(StandardCharsets.UTF_8)), false);
  }
}
