package dev.athanor.engine.action;

import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.Platform;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Names all that can affect an action: the digest of a Remote Execution API `Action` message.
///
/// Inputs enter by the digests of their *contents*, never by the keys of the actions that made
/// them, so that a changed input action with unchanged output changes nothing downstream.
///
/// @param digest of the `Action` message
/// @param command the `Command` that it names
public record ActionKey(
    Digest digest, build.bazel.remote.execution.v2.Action action, Command command) {
  /// Counts up when the engine would make other outputs of the same action; disowns every older
  /// result.
  private static final ByteString SALT = ByteString.copyFromUtf8("athanor 1");

  /// @param contents of every input
  public static ActionKey of(Action action, Map<Artifact, Content> contents) {
    Map<RelativePath, Content> byPath = new TreeMap<>();
    contents.forEach((artifact, content) -> byPath.put(action.place(artifact), content));
    InputRoot inputs = InputRoot.of(byPath);
    Platform platform = platform(action, contents);
    Command command = command(action, platform);
    var message =
        build.bazel.remote.execution.v2.Action.newBuilder()
            .setCommandDigest(Trees.wire(Digester.digest(command.toByteArray())))
            .setInputRootDigest(Trees.wire(inputs.digest()))
            .setPlatform(platform)
            .setSalt(SALT);
    switch (action) {
      case Action.Command spawn ->
          spawn
              .timeout()
              .ifPresent(t -> message.setTimeout(Duration.newBuilder().setSeconds(t.toSeconds())));
      case Action.Builtin builtin -> message.setDoNotCache(!builtin.type().cacheable());
    }
    var built = message.build();
    return new ActionKey(Digester.digest(built.toByteArray()), built, command);
  }

  private static Command command(Action action, Platform platform) {
    Command.Builder command = Command.newBuilder().setPlatform(platform);
    switch (action) {
      case Action.Command spawn -> {
        command.addAllArguments(spawn.argv());
        spawn
            .env()
            .forEach((name, value) ->
                command.addEnvironmentVariables(
                    Command.EnvironmentVariable.newBuilder().setName(name).setValue(value)));
      }
      case Action.Builtin builtin -> {
        command.addArguments("athanor:" + builtin.type().id());
        command.addArguments("--version=" + builtin.type().version());
        builtin.params().forEach((name, value) -> command.addArguments("--" + name + "=" + value));
        // The tree below has the inputs by path; to a function their order may matter.
        builtin.inputs().forEach(input -> command.addArguments(action.place(input).text()));
      }
    }
    action.outputs().stream().map(o -> o.path().text()).sorted().forEach(command::addOutputPaths);
    return command.setOutputDirectoryFormat(Command.OutputDirectoryFormat.DIRECTORY_ONLY).build();
  }

  private static Platform platform(Action action, Map<Artifact, Content> contents) {
    List<Platform.Property> properties = new ArrayList<>();
    for (Artifact.Derived output : action.outputs()) {
      if (output.kind() == Artifact.Derived.Kind.EXECUTABLE) {
        properties.add(property("athanor-executable", output.path().text()));
      }
    }
    if (action instanceof Action.Command command) {
      switch (command.root()) {
        case ExecutionRoot.Host(_, var fingerprint) ->
            properties.add(property("athanor-host", fingerprint));
        case ExecutionRoot.Image(var rootfs, _) ->
            properties.add(property("athanor-rootfs", String.valueOf(contents.get(rootfs))));
      }
      command.log().ifPresent(log -> properties.add(property("athanor-log", log.path().text())));
      if (command.network()) {
        properties.add(property("athanor-network", "host"));
      }
    }
    properties.sort(
        Comparator.comparing(Platform.Property::getName)
            .thenComparing(Platform.Property::getValue));
    return Platform.newBuilder().addAllProperties(properties).build();
  }

  private static Platform.Property property(String name, String value) {
    return Platform.Property.newBuilder().setName(name).setValue(value).build();
  }
}
