package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.ExecuteResponse;
import build.bazel.remote.execution.v2.Platform;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RemoteRunner;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.remote.Parcel;
import dev.athanor.remote.RemoteCache;
import io.grpc.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Runs actions by the Remote Execution API. What is sent is another message than the one that an
/// action's key is made of: workers choose by platform properties that are nobody's input. The key
/// is its salt, so that what a server knows of the message is true of the action.
///
/// A command needs tools: those of an image that workers can pull, or the host's where workers are
/// said to have the same. A built-in needs an Athanor there.
public final class RemoteExecutor implements RemoteRunner {
  /// The property that every server understands.
  private static final String IMAGE = "container-image";

  private final Workers workers;
  private final BlobStore blobs;
  private final Execution execution;
  private final CommandResult results;
  private final Assignments assignments;

  /// @param channel to the server, with whatever it wants for a password on it
  /// @param cas the blobs of the same server
  /// @param blobs where inputs are, and outputs are looked for: what `cas` has, it has too
  public RemoteExecutor(Channel channel, RemoteCache cas, BlobStore blobs, Workers workers) {
    this.workers = workers;
    this.blobs = blobs;
    Fetch fetch = new Fetch(cas, blobs);
    this.results = new CommandResult(fetch, blobs);
    this.execution =
        new Execution(new Operations(channel, workers.instance(), workers.patience()), cas);
    this.assignments = new Assignments(execution, fetch, results, workers);
  }

  @Override
  public boolean takes(Action action) {
    return workers.take(action);
  }

  @Override
  public SpawnRunner.Result run(
      Action.Command command, Digest key, SortedMap<RelativePath, Content> inputs, Duration timeout)
      throws IOException, InterruptedException {
    InputRoot root = InputRoot.of(withTrees(inputs, command));
    Parcel parcel = new Parcel(blobs);
    parcel.add(root);
    // An output directory that is there beforehand is an empty one.
    parcel.add(Digest.EMPTY);
    for (Content content : inputs.values()) {
      parcel.add(content);
    }
    ExecuteResponse response =
        execution.run(parcel, message(command), root.digest(), key, Optional.of(timeout));
    return results.read(response, timeout, command.log().isPresent());
  }

  @Override
  public ActionResult run(
      Action.Builtin action,
      Digest key,
      Map<Artifact, Content> inputs,
      Supplier<Set<Digest>> references)
      throws IOException, InterruptedException {
    return assignments.run(action, key, inputs, references.get());
  }

  /// The inputs, and the directories that are outputs: workers make those above an output only.
  private static SortedMap<RelativePath, Content> withTrees(
      SortedMap<RelativePath, Content> inputs, Action.Command command) {
    SortedMap<RelativePath, Content> all = new TreeMap<>(inputs);
    for (Artifact.Derived output : command.outputs()) {
      boolean made = inputs.keySet().stream().anyMatch(path -> path.startsWith(output.path()));
      if (output.kind() == Artifact.Derived.Kind.TREE && !made) {
        all.put(output.path(), new Content.Tree(Digest.EMPTY));
      }
    }
    return all;
  }

  private Command message(Action.Command command) {
    Command.Builder message = Command.newBuilder().addAllArguments(command.argv());
    command
        .env()
        .forEach((name, value) ->
            message.addEnvironmentVariables(
                Command.EnvironmentVariable.newBuilder().setName(name).setValue(there(value))));
    command.outputs().stream()
        .filter(output -> !command.log().equals(Optional.of(output)))
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .forEach(output -> {
          String path = output.path().text();
          message.addOutputPaths(path);
          // For servers that do not know those yet.
          if (output.kind() == Artifact.Derived.Kind.TREE) {
            message.addOutputDirectories(path);
          } else {
            message.addOutputFiles(path);
          }
        });
    SortedMap<String, String> platform = new TreeMap<>(workers.platform());
    if (command.root() instanceof ExecutionRoot.Image(_, var name)) {
      name.ifPresent(image -> platform.put(IMAGE, "docker://" + image));
    }
    return message.setPlatform(platform(platform)).build();
  }

  static Platform platform(SortedMap<String, String> properties) {
    Platform.Builder platform = Platform.newBuilder();
    properties.forEach((name, value) ->
        platform.addProperties(Platform.Property.newBuilder().setName(name).setValue(value)));
    return platform.build();
  }

  /// A variable that names something below where commands start here, as it is called where they
  /// start in whatever directory a worker makes for them.
  private static String there(String value) {
    if (value.equals(Action.Command.DIRECTORY)) {
      return ".";
    }
    String below = Action.Command.DIRECTORY + "/";
    return value.startsWith(below) ? value.substring(below.length()) : value;
  }
}
