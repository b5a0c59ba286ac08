package dev.athanor.remote.execution;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A built-in action with its inputs, as a file for another Athanor.
///
/// ```
/// action.json     this
/// blobs/HASH      every blob that it names or, as far as is known, reads: files and directories
/// results/        what comes of it, see [Performance]
/// ```
///
/// @param inputs in declared order
record Assignment(Action.Builtin action, Map<Artifact, Content> inputs) {
  static final String FILE = "action.json";
  static final String BLOBS = "blobs";
  static final String RESULTS = "results";

  Assignment {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
  }

  byte[] encode() {
    JsonObject json = new JsonObject();
    json.addProperty("type", action.type().id());
    json.addProperty("version", action.type().version());
    json.addProperty("owner", action.owner().toString());
    JsonObject params = new JsonObject();
    action.params().forEach(params::addProperty);
    json.add("params", params);
    JsonArray in = new JsonArray();
    for (Artifact input : action.inputs()) {
      JsonObject one = artifact(input);
      Content content = inputs.get(input);
      if (content == null) {
        throw new IllegalStateException("no content of " + input);
      }
      one.add("content", content(content));
      in.add(one);
    }
    json.add("inputs", in);
    JsonArray out = new JsonArray();
    action.outputs().forEach(output -> out.add(artifact(output)));
    json.add("outputs", out);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject artifact(Artifact artifact) {
    JsonObject json = new JsonObject();
    switch (artifact) {
      case Artifact.Source(var path) -> json.addProperty("source", path.text());
      case Artifact.Derived derived -> {
        json.addProperty("derived", derived.uniquePath());
        json.addProperty("owner", derived.owner().toString());
        json.addProperty("kind", derived.kind().name());
      }
    }
    return json;
  }

  private static JsonObject content(Content content) {
    JsonObject json = new JsonObject();
    switch (content) {
      case Content.File(var digest, var executable) -> {
        json.addProperty("file", digest.toString());
        json.addProperty("executable", executable);
      }
      case Content.Tree(var digest) -> json.addProperty("tree", digest.toString());
      case Content.Symlink(var target) -> json.addProperty("symlink", target);
    }
    return json;
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws UserException when it is something else, or none of these types and versions
  static Assignment parse(byte[] bytes, ActionTypes types) {
    try {
      JsonObject json =
          JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
      SortedMap<String, String> params = new TreeMap<>();
      json.getAsJsonObject("params")
          .entrySet()
          .forEach(param -> params.put(param.getKey(), param.getValue().getAsString()));
      List<Artifact> in = new ArrayList<>();
      Map<Artifact, Content> inputs = new LinkedHashMap<>();
      for (JsonElement one : json.getAsJsonArray("inputs")) {
        Artifact input = artifact(one.getAsJsonObject());
        in.add(input);
        inputs.put(input, content(one.getAsJsonObject().getAsJsonObject("content")));
      }
      List<Artifact.Derived> out = new ArrayList<>();
      for (JsonElement one : json.getAsJsonArray("outputs")) {
        out.add(derived(one.getAsJsonObject()));
      }
      Label owner = Label.parseAbsolute(json.get("owner").getAsString());
      return new Assignment(new Action.Builtin(owner, type(json, types), params, in, out), inputs);
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | NullPointerException e) {
      throw new UserException(
          FILE + " describes no action", "it is written by an Athanor that sends actions here", e);
    }
  }

  private static ActionType type(JsonObject json, ActionTypes types) {
    String id = json.get("type").getAsString();
    int version = json.get("version").getAsInt();
    String hint = "workers need the same Athanor as those who send them actions";
    ActionType type;
    try {
      type = types.type(id);
    } catch (IllegalStateException e) {
      throw new UserException("this Athanor has no action type " + id, hint, e);
    }
    if (type.version() != version) {
      throw new UserException(
          "this Athanor has version "
              + type.version()
              + " of the action type "
              + id
              + ", not "
              + version,
          hint);
    }
    return type;
  }

  private static Artifact artifact(JsonObject json) {
    return json.has("source")
        ? new Artifact.Source(RelativePath.of(json.get("source").getAsString()))
        : derived(json);
  }

  private static Artifact.Derived derived(JsonObject json) {
    return Artifact.Derived.read(
        json.get("derived").getAsString(),
        Label.parseAbsolute(json.get("owner").getAsString()),
        Artifact.Derived.Kind.valueOf(json.get("kind").getAsString()));
  }

  private static Content content(JsonObject json) {
    if (json.has("file")) {
      return new Content.File(
          digest(json.get("file").getAsString()), json.get("executable").getAsBoolean());
    }
    return json.has("tree")
        ? new Content.Tree(digest(json.get("tree").getAsString()))
        : new Content.Symlink(json.get("symlink").getAsString());
  }

  /// Reads `hex/size`.
  static Digest digest(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a digest: " + text);
    }
    return new Digest(
        Sha256.parse(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
  }
}
