package dev.athanor.engine.why;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What an action is, besides its inputs, as named parts; each part is a part of its key.
final class Parts {
  /// A part's kind, and its name among its kind.
  private record Name(String part, String name) {}

  private final Map<Name, String> values = new LinkedHashMap<>();

  private Parts() {}

  static Parts of(Action action) {
    Parts parts = new Parts();
    switch (action) {
      case Action.Command command -> parts.command(command);
      case Action.Builtin builtin -> {
        parts.put("type", "", builtin.type().id() + " version " + builtin.type().version());
        builtin.params().forEach((name, value) -> parts.put("parameter", name, value));
      }
    }
    for (Artifact.Derived output : action.outputs()) {
      parts.put("output", output.visiblePath().text(), output.kind().name());
    }
    return parts;
  }

  private void command(Action.Command command) {
    for (int i = 0; i < command.argv().size(); i++) {
      put("argument", String.valueOf(i), command.argv().get(i));
    }
    command.env().forEach((name, value) -> put("environment", name, value));
    switch (command.root()) {
      case ExecutionRoot.Host(_, var fingerprint) ->
          put("execution root", "", "the host's programs, " + fingerprint);
      case ExecutionRoot.Image(var rootfs, _) ->
          put("execution root", "", "image " + rootfs.path().text());
    }
    put("network", "", command.network() ? "allowed" : "none");
    command.timeout().ifPresent(timeout -> put("timeout", "", timeout.toSeconds() + " s"));
  }

  private void put(String part, String name, String value) {
    values.put(new Name(part, name), value);
  }

  /// What differs, in the order of the parts.
  static List<Cause> differences(Parts before, Parts after) {
    Map<Name, String> all = new LinkedHashMap<>(after.values);
    before.values.forEach(all::putIfAbsent);
    List<Cause> differences = new ArrayList<>();
    for (Name name : all.keySet()) {
      String old = before.values.get(name);
      String now = after.values.get(name);
      if (!Objects.equals(old, now)) {
        differences.add(
            new Cause.Part(
                name.part, name.name, Optional.ofNullable(old), Optional.ofNullable(now)));
      }
    }
    return differences;
  }
}
