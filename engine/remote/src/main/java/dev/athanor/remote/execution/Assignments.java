package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.ExecuteResponse;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.Parcel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Has built-ins run by an Athanor that workers start. Of the blobs that an action reads, those
/// that nobody named beforehand are asked for one after the other, and the action begins again with
/// them.
final class Assignments {
  /// How often an action begins again because it reads more than anybody knew.
  private static final int ROUNDS = 8;

  /// The environment of that Athanor: nothing of this one.
  private static final Map<String, String> ENV =
      new TreeMap<>(
          Map.of(
              "HOME", "/nonexistent",
              "LANG", "C.UTF-8",
              "PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"));

  /// How much of what a broken Athanor printed is told.
  private static final int TOLD = 300;

  private final Execution execution;
  private final Fetch fetch;
  private final CommandResult results;
  private final Command command;

  Assignments(Execution execution, Fetch fetch, CommandResult results, Workers workers) {
    this.execution = execution;
    this.fetch = fetch;
    this.results = results;
    this.command = command(workers);
  }

  private static Command command(Workers workers) {
    Command.Builder command =
        Command.newBuilder()
            .addAllArguments(workers.runner())
            .addArguments("perform")
            .addArguments(Assignment.FILE)
            .addOutputPaths(Assignment.RESULTS)
            .addOutputDirectories(Assignment.RESULTS)
            .setPlatform(RemoteExecutor.platform(workers.platform()));
    ENV.forEach((name, value) ->
        command.addEnvironmentVariables(
            Command.EnvironmentVariable.newBuilder().setName(name).setValue(value)));
    return command.build();
  }

  ActionResult run(
      Action.Builtin action, Digest key, Map<Artifact, Content> inputs, Set<Digest> references)
      throws IOException, InterruptedException {
    byte[] assignment = new Assignment(action, inputs).encode();
    Parcel named = new Parcel(fetch.blobs());
    for (Content content : inputs.values()) {
      named.add(content);
    }
    references.forEach(named::add);
    Set<Digest> given = new HashSet<>(named.digests());
    for (int round = 0; round < ROUNDS; round++) {
      SpawnRunner.Result ran = execute(assignment, given, key);
      Optional<byte[]> lacking;
      try {
        Map<RelativePath, Content> left = left(ran);
        lacking = file(left, Performance.LACKING);
        if (lacking.isEmpty()) {
          return result(action, ran, left, given);
        }
      } catch (MissingBlobException | CorruptBlobException e) {
        throw new RemoteRunException("the remote executor has lost what was made there", false, e);
      }
      if (!given.addAll(digests(lacking.get()))) {
        throw new RemoteRunException("the remote Athanor does not find what it was given");
      }
    }
    throw new RemoteRunException("the remote Athanor asks for more and more blobs");
  }

  private SpawnRunner.Result execute(byte[] assignment, Set<Digest> given, Digest key)
      throws IOException, InterruptedException {
    Parcel parcel = new Parcel(fetch.blobs());
    Map<RelativePath, Content> files = new TreeMap<>();
    files.put(RelativePath.of(Assignment.FILE), new Content.File(parcel.add(assignment), false));
    for (Digest blob : given) {
      parcel.add(blob);
      files.put(
          RelativePath.of(Assignment.BLOBS).resolve(blob.hex()), new Content.File(blob, false));
    }
    InputRoot root = InputRoot.of(files);
    parcel.add(root);
    ExecuteResponse response = execution.run(parcel, command, root.digest(), key, Optional.empty());
    return results.read(response, Duration.ZERO, true);
  }

  /// The files in the folder of results.
  private Map<RelativePath, Content> left(SpawnRunner.Result ran) throws IOException {
    return ran.outputs().get(RelativePath.of(Assignment.RESULTS)) instanceof Content.Tree(var tree)
        ? Trees.leaves(tree, fetch.blobs())
        : Map.of();
  }

  private Optional<byte[]> file(Map<RelativePath, Content> files, String name) throws IOException {
    return files.get(RelativePath.of(name)) instanceof Content.File(var digest, _)
        ? Optional.of(fetch.bytes(digest))
        : Optional.empty();
  }

  private static Set<Digest> digests(byte[] lines) throws IOException {
    Set<Digest> digests = new HashSet<>();
    try {
      new String(lines, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> digests.add(Assignment.digest(line)));
    } catch (IllegalArgumentException e) {
      throw new RemoteRunException("the remote Athanor lacks what is no blob", false, e);
    }
    return digests;
  }

  private ActionResult result(
      Action.Builtin action,
      SpawnRunner.Result ran,
      Map<RelativePath, Content> left,
      Set<Digest> given)
      throws IOException {
    Optional<byte[]> failure = file(left, Performance.FAILURE);
    if (failure.isPresent()) {
      throw failure(failure.get());
    }
    Optional<byte[]> result = file(left, Performance.RESULT);
    if (!ran.exit().success() || result.isEmpty()) {
      fetch.blob(ran.stdout());
      String printed = new String(fetch.blobs().read(ran.stdout()), StandardCharsets.UTF_8);
      String told = printed.strip();
      throw new RemoteRunException(
          "the remote Athanor ended with "
              + ran.exit().summary()
              + ": "
              + told.substring(0, Math.min(TOLD, told.length())));
    }
    Set<Digest> there = new HashSet<>(given);
    left.values()
        .forEach(content -> {
          if (content instanceof Content.File(var digest, _)) {
            there.add(digest);
          }
        });
    try {
      return checked(
          action,
          ActionResult.ofWire(build.bazel.remote.execution.v2.ActionResult.parseFrom(result.get())),
          there);
    } catch (InvalidProtocolBufferException | IllegalArgumentException | UserException e) {
      throw new RemoteRunException("the remote Athanor's result is malformed", false, e);
    }
  }

  private static IOException failure(byte[] file) throws IOException {
    try {
      JsonObject json =
          JsonParser.parseString(new String(file, StandardCharsets.UTF_8)).getAsJsonObject();
      throw new ActionException(json.get("message").getAsString(), json.get("hint").getAsString());
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return new RemoteRunException("the remote Athanor's failure is malformed", false, e);
    }
  }

  /// The result, if everything that it names is there.
  private ActionResult checked(Action.Builtin action, ActionResult result, Set<Digest> there)
      throws IOException {
    boolean whole = there.containsAll(result.references());
    for (Artifact.Derived output : action.outputs()) {
      Content content = result.outputs().get(output.path());
      whole &= content != null && isThere(content, there);
    }
    if (!whole || result.outputs().size() != action.outputs().size()) {
      throw new RemoteRunException("the remote Athanor's result is not whole");
    }
    return result;
  }

  /// Brings directories here on the way. The empty one is everywhere.
  private boolean isThere(Content content, Set<Digest> there) throws IOException {
    Set<Digest> needed = new HashSet<>();
    try {
      Trees.addBlobs(content, fetch.blobs(), needed);
    } catch (MissingBlobException e) {
      return false;
    }
    needed.remove(Digest.EMPTY);
    return there.containsAll(needed);
  }
}
