package dev.athanor.oci.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a target changes in the config and the manifest it inherits. An absent part stays as it is.
///
/// @param entrypoint replaces the entrypoint and takes away the inherited command
/// @param cmd replaces the command
/// @param env sets variables, in this order
/// @param annotations of the manifest
public record ConfigEdits(
    Optional<List<String>> entrypoint,
    Optional<List<String>> cmd,
    Map<String, String> env,
    Map<String, String> labels,
    Optional<String> user,
    Optional<String> workdir,
    List<String> ports,
    List<String> volumes,
    Optional<String> stopSignal,
    SortedMap<String, String> annotations) {
  public static final ConfigEdits NONE =
      new ConfigEdits(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          Optional.empty(),
          new TreeMap<>());

  public ConfigEdits {
    entrypoint = entrypoint.map(List::copyOf);
    cmd = cmd.map(List::copyOf);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    ports = List.copyOf(ports);
    volumes = List.copyOf(volumes);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
  }

  /// The config with these edits; annotations are for the manifest.
  public ImageConfig apply(ImageConfig config) {
    ImageConfig edited = config;
    if (entrypoint.isPresent()) {
      edited = edited.withEntrypoint(entrypoint.get()).withCmd(List.of());
    }
    if (cmd.isPresent()) {
      edited = edited.withCmd(cmd.get());
    }
    for (Map.Entry<String, String> variable : env.entrySet()) {
      edited = edited.withEnv(variable.getKey(), variable.getValue());
    }
    edited = labels.isEmpty() ? edited : edited.withLabels(labels);
    edited = user.isPresent() ? edited.withUser(user.get()) : edited;
    edited = workdir.isPresent() ? edited.withWorkingDir(workdir.get()) : edited;
    edited = ports.isEmpty() ? edited : edited.withExposedPorts(ports);
    edited = volumes.isEmpty() ? edited : edited.withVolumes(volumes);
    return stopSignal.isPresent() ? edited.withStopSignal(stopSignal.get()) : edited;
  }

  /// As text for an action's parameters.
  public String encode() {
    JsonObject json = new JsonObject();
    entrypoint.ifPresent(words -> json.add("entrypoint", array(words)));
    cmd.ifPresent(words -> json.add("cmd", array(words)));
    json.add("env", object(env));
    json.add("labels", object(labels));
    user.ifPresent(text -> json.addProperty("user", text));
    workdir.ifPresent(text -> json.addProperty("workdir", text));
    json.add("ports", array(ports));
    json.add("volumes", array(volumes));
    stopSignal.ifPresent(text -> json.addProperty("stopSignal", text));
    json.add("annotations", object(annotations));
    return new String(CanonicalJson.write(json), StandardCharsets.UTF_8);
  }

  /// Reads what [#encode] wrote.
  public static ConfigEdits parse(String text) {
    JsonObject json = StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), "edits");
    return new ConfigEdits(
        Optional.ofNullable(json.get("entrypoint")).map(ConfigEdits::list),
        Optional.ofNullable(json.get("cmd")).map(ConfigEdits::list),
        map(json.get("env")),
        map(json.get("labels")),
        Optional.ofNullable(json.get("user")).map(JsonElement::getAsString),
        Optional.ofNullable(json.get("workdir")).map(JsonElement::getAsString),
        list(json.get("ports")),
        list(json.get("volumes")),
        Optional.ofNullable(json.get("stopSignal")).map(JsonElement::getAsString),
        new TreeMap<>(map(json.get("annotations"))));
  }

  private static JsonArray array(List<String> words) {
    JsonArray array = new JsonArray();
    words.forEach(array::add);
    return array;
  }

  private static JsonObject object(Map<String, String> map) {
    JsonObject object = new JsonObject();
    map.forEach(object::addProperty);
    return object;
  }

  private static List<String> list(JsonElement array) {
    List<String> words = new ArrayList<>();
    array.getAsJsonArray().forEach(word -> words.add(word.getAsString()));
    return words;
  }

  private static Map<String, String> map(JsonElement object) {
    Map<String, String> map = new LinkedHashMap<>();
    object
        .getAsJsonObject()
        .entrySet()
        .forEach(entry -> map.put(entry.getKey(), entry.getValue().getAsString()));
    return map;
  }
}
