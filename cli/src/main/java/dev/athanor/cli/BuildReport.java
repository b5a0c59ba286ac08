package dev.athanor.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.Build;
import dev.athanor.engine.exec.Summary;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The result of a build: lines for people, or one JSON object for programs.
final class BuildReport {
  private final Workbench bench;
  private final Build.Result result;
  private final JsonArray targets = new JsonArray();
  private final List<String> lines = new ArrayList<>();

  BuildReport(Workbench bench, Build.Result result) {
    this.bench = bench;
    this.result = result;
  }

  /// Tells of a target and, when it was built, of what it made.
  void add(ConfiguredTarget target) {
    JsonObject json = new JsonObject();
    json.addProperty("label", target.label().toString());
    JsonArray outputs = new JsonArray();
    Optional<Described> image = image(target);
    for (Artifact file : target.providers().defaultInfo().files()) {
      if (file instanceof Artifact.Derived derived && result.contents().containsKey(file)) {
        Path path = bench.outputs.path(derived);
        outputs.add(path.toString());
        String digest = image.map(i -> "@" + i.descriptor.digest()).orElse("");
        lines.add(target.label() + " " + relative(path) + digest);
      }
    }
    json.add("outputs", outputs);
    image.ifPresent(described -> json.add("image", described.json()));
    targets.add(json);
  }

  /// Adds a member to the last target.
  void addToLast(String name, JsonObject value) {
    targets.get(targets.size() - 1).getAsJsonObject().add(name, value);
  }

  /// A line for people, about the last target.
  void line(String text) {
    lines.add(text);
  }

  void print(Invocation invocation) {
    if (invocation.json()) {
      Summary summary = result.summary();
      JsonObject json = new JsonObject();
      json.addProperty("invocation", UUID.randomUUID().toString());
      json.addProperty("executed", summary.executed());
      json.addProperty("cached", summary.cached());
      json.addProperty("failed", summary.failed());
      json.addProperty("skipped", summary.skipped());
      json.addProperty("wallMs", summary.wall().toMillis());
      json.add("targets", targets);
      String text =
          new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(json);
      invocation.terminal().out().println(text);
    } else {
      lines.forEach(invocation.terminal().out()::println);
    }
  }

  private String relative(Path path) {
    Path here = bench.flags.directory().toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
  }

  /// @param descriptor of the manifest
  private record Described(Descriptor descriptor, String platform) {
    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("digest", descriptor.digest().toString());
      json.addProperty("mediaType", descriptor.mediaType());
      json.addProperty("size", descriptor.size());
      json.addProperty("platform", platform);
      return json;
    }
  }

  private Optional<Described> image(ConfiguredTarget target) {
    Optional<ImageInfo> info = target.providers().get(ImageInfo.class);
    if (info.isEmpty()
        || !(result.contents().get(info.get().image()) instanceof Content.File(var file, _))) {
      return Optional.empty();
    }
    try {
      Image image = Images.read(file, bench.blobs);
      Manifest manifest = Images.manifest(image, bench.blobs);
      String platform = Images.config(manifest, bench.blobs).platform().toString();
      return Optional.of(new Described(image.manifest(), platform));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
