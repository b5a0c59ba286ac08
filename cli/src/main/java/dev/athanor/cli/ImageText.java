package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.History;
import dev.athanor.oci.model.ImageConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What `athanor image inspect` says of an image.
final class ImageText {
  private ImageText() {}

  static List<String> lines(OpenImage image) {
    List<String> lines = new ArrayList<>();
    ImageConfig config = image.config();
    lines.add(image.label());
    add(lines, "digest", image.image().manifest().digest().toString());
    add(lines, "platform", config.platform().toString());
    config.created().ifPresent(it -> add(lines, "created", it));
    config.author().ifPresent(it -> add(lines, "author", it));
    add(lines, "entrypoint", config.entrypoint());
    add(lines, "command", config.cmd());
    config.workingDir().ifPresent(it -> add(lines, "directory", it));
    config.user().ifPresent(it -> add(lines, "user", it));
    config.stopSignal().ifPresent(it -> add(lines, "stop signal", it));
    add(lines, "ports", config.exposedPorts());
    add(lines, "volumes", config.volumes());
    config.env().forEach(it -> add(lines, "env", it));
    config.labels().forEach((name, value) -> add(lines, "label", name + "=" + value));
    image
        .manifest()
        .annotations()
        .forEach((name, value) -> add(lines, "annotation", name + "=" + value));
    long bytes = image.manifest().layers().stream().mapToLong(Descriptor::size).sum();
    int layers = image.manifest().layers().size();
    lines.add("  " + Amounts.count(layers, "layer") + ", " + Amounts.text(bytes));
    lines.addAll(layers(image));
    return lines;
  }

  private static void add(List<String> lines, String name, String value) {
    lines.add("  " + name + " ".repeat(12 - name.length()) + value);
  }

  private static void add(List<String> lines, String name, Collection<String> values) {
    if (!values.isEmpty()) {
      add(lines, name, String.join(" ", values));
    }
  }

  /// The layers, the lowest first, with how they came to be.
  static List<String> layers(OpenImage image) {
    List<String> lines = new ArrayList<>();
    List<History> made = image.config().history().stream().filter(it -> !it.emptyLayer()).toList();
    for (int i = 0; i < image.manifest().layers().size(); i++) {
      Descriptor layer = image.manifest().layers().get(i);
      String by = i < made.size() ? "  " + made.get(i).createdBy() : "";
      lines.add(("    " + layer.digest() + "  " + Amounts.text(layer.size()) + by).stripTrailing());
    }
    return lines;
  }

  /// The documents as they are, with the digest.
  static JsonObject json(OpenImage image) {
    JsonObject json = new JsonObject();
    json.addProperty("target", image.label());
    json.addProperty("digest", image.image().manifest().digest().toString());
    json.add("manifest", parse(image.manifest().bytes()));
    json.add("config", parse(image.config().bytes()));
    JsonArray origins = new JsonArray();
    image
        .image()
        .origins()
        .forEach((digest, repository) -> {
          JsonObject origin = new JsonObject();
          origin.addProperty("layer", digest);
          origin.addProperty("repository", repository.toString());
          origins.add(origin);
        });
    json.add("origins", origins);
    return json;
  }

  private static JsonObject parse(byte[] bytes) {
    return JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
  }
}
