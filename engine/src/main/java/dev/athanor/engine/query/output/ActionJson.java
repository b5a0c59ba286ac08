package dev.athanor.engine.query.output;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.exec.KnownKey;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/// Writes actions as JSON:
///
/// ```
/// {"actions": [
///   {"name", "mnemonic", "owner", "type",
///    "arguments": [text], "environment": {name: value}, "root": {"host"} or {"image"}, "network",
///    "timeoutSeconds",
///    "version", "parameters": {name: value},
///    "inputs": [{"path", "owner"}], "outputs": [{"path", "kind"}],
///    "key", "cached" or "keyUnknown"}
/// ]}
/// ```
///
/// The second and third line belong to an action of type `command`, the fourth to all others. An
/// input without owner is a source file.
final class ActionJson {
  private ActionJson() {}

  static void write(List<ActionOutput.Entry> entries, Writer out) throws IOException {
    JsonWriter json = Json.writer(out);
    json.beginObject().name("actions").beginArray();
    for (ActionOutput.Entry entry : entries) {
      action(entry, json);
    }
    json.endArray().endObject();
    json.flush();
    out.append('\n');
  }

  private static void action(ActionOutput.Entry entry, JsonWriter json) throws IOException {
    Action action = entry.action();
    json.beginObject();
    json.name("name").value(ActionOutput.name(action));
    json.name("mnemonic").value(action.mnemonic());
    json.name("owner").value(action.owner().toString());
    if (!action.platform().isEmpty()) {
      json.name("platform").value(action.platform());
    }
    switch (action) {
      case Action.Command command -> command(command, json);
      case Action.Builtin builtin -> {
        json.name("type").value(builtin.type().id());
        json.name("version").value(builtin.type().version());
        json.name("parameters");
        Json.map(builtin.params(), json);
      }
    }
    artifacts(action, json);
    switch (entry.key()) {
      case KnownKey.Known(var key, var cached) -> {
        json.name("key").value(key.digest().toString());
        json.name("cached").value(cached);
      }
      case KnownKey.Unknown(var because) -> json.name("keyUnknown").value(because);
    }
    json.endObject();
  }

  private static void command(Action.Command command, JsonWriter json) throws IOException {
    json.name("type").value("command");
    json.name("arguments");
    Json.strings(command.argv(), json);
    json.name("environment");
    Json.map(command.env(), json);
    json.name("root").beginObject();
    switch (command.root()) {
      case ExecutionRoot.Host(_, var fingerprint) -> json.name("host").value(fingerprint);
      case ExecutionRoot.Image(var rootfs, _) -> json.name("image").value(rootfs.path().text());
    }
    json.endObject();
    json.name("network").value(command.network());
    if (command.timeout().isPresent()) {
      json.name("timeoutSeconds").value(command.timeout().get().toSeconds());
    }
  }

  private static void artifacts(Action action, JsonWriter json) throws IOException {
    json.name("inputs").beginArray();
    for (Artifact input : action.inputs()) {
      json.beginObject().name("path").value(action.place(input).text());
      if (input instanceof Artifact.Derived derived) {
        json.name("owner").value(derived.owner().toString());
      }
      json.endObject();
    }
    json.endArray();
    json.name("outputs").beginArray();
    for (Artifact.Derived output : action.outputs()) {
      json.beginObject().name("path").value(output.path().text());
      json.name("kind").value(output.kind().name().toLowerCase(Locale.ROOT));
      json.endObject();
    }
    json.endArray();
  }
}
