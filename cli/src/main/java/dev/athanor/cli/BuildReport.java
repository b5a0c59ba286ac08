package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Summary;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import dev.athanor.remote.Traffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The result of a build: lines for people, or one JSON object for programs.
final class BuildReport {
  private final Workbench bench;
  private final List<Target> targets = new ArrayList<>();

  /// What is told of a target.
  ///
  /// There may be thousands of them, nearly all without an image and anything else.
  ///
  /// @param outputs as paths below the folder where they are shown
  /// @param description the one of them that is for programs only
  private record Target(
      String label,
      List<String> outputs,
      Optional<String> description,
      Optional<Described> image) {}

  /// Lines besides those for the outputs, and further members of the JSON object: by the number of
  /// the target.
  private final Map<Integer, List<String>> lines = new HashMap<>();

  private final Map<Integer, Map<String, JsonElement>> members = new HashMap<>();

  BuildReport(Workbench bench) {
    this.bench = bench;
  }

  /// Reads what there is to tell of every target.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when something of it is lost
  void read(BuildResult result) throws IOException {
    clear();
    for (PlannedTarget target : result.plan().targets()) {
      add(target, result);
    }
  }

  /// Begins anew.
  void clear() {
    targets.clear();
    lines.clear();
    members.clear();
  }

  /// Tells of a target and, when it was built, of what it made.
  void add(PlannedTarget target, BuildResult result) throws IOException {
    targets.add(
        new Target(
            target.label(),
            outputs(target, result),
            ImagePart.description(target).map(file -> result.plan().visiblePath(Plan.number(file))),
            image(target, result)));
  }

  /// What was made of a target to be shown, as paths below the folder of outputs.
  static List<String> outputs(PlannedTarget target, BuildResult result) {
    int[] files = target.references(WantedTarget.FILES);
    List<String> outputs = new ArrayList<>(files.length);
    for (int file : files) {
      if (Plan.isOutput(file) && result.has(file)) {
        outputs.add(result.plan().visiblePath(Plan.number(file)));
      }
    }
    return outputs;
  }

  private int last() {
    return targets.size() - 1;
  }

  /// Adds a member to the last target.
  void addToLast(String name, JsonElement value) {
    members.computeIfAbsent(last(), _ -> new LinkedHashMap<>()).put(name, value);
  }

  /// A line for people, about the last target.
  void line(String text) {
    lines.computeIfAbsent(last(), _ -> new ArrayList<>()).add(text);
  }

  void print(Invocation invocation, BuildResult result) {
    if (invocation.json()) {
      String text = PrettyJson.of(json(result));
      invocation.terminal().out().println(text);
    } else {
      invocation.terminal().out().print(text());
    }
  }

  private String text() {
    String folder = bench.shown(bench.outputs.folder()) + "/";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      String digest = target.image.isPresent() ? "@" + target.image.get().descriptor.digest() : "";
      for (String output : target.outputs) {
        if (target.description.filter(output::equals).isPresent()) {
          continue;
        }
        text.append(target.label).append(' ').append(folder).append(output);
        text.append(digest).append('\n');
      }
      for (String line : lines.getOrDefault(i, List.of())) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private JsonObject json(BuildResult result) {
    JsonObject json = summary(result);
    bench.sharing.ifPresent(sharing -> json.add("remote", remote(sharing.traffic())));
    JsonArray array = new JsonArray();
    for (int i = 0; i < targets.size(); i++) {
      JsonObject target = json(targets.get(i));
      members.getOrDefault(i, Map.of()).forEach(target::add);
      array.add(target);
    }
    json.add("targets", array);
    return json;
  }

  private static JsonObject remote(Traffic traffic) {
    JsonObject json = new JsonObject();
    json.addProperty("hits", traffic.hits());
    json.addProperty("misses", traffic.misses());
    json.addProperty("downloadedBytes", traffic.downloadedBytes());
    return json;
  }

  /// What is told of every build.
  static JsonObject summary(BuildResult result) {
    Summary summary = result.summary();
    JsonObject json = new JsonObject();
    json.addProperty("invocation", result.id().toString());
    json.addProperty("executed", summary.executed());
    json.addProperty("cached", summary.cached());
    json.addProperty("failed", summary.failed());
    json.addProperty("skipped", summary.skipped());
    json.addProperty("wallMs", summary.wall().toMillis());
    return json;
  }

  private JsonObject json(Target target) {
    JsonObject json = new JsonObject();
    json.addProperty("label", target.label);
    JsonArray outputs = new JsonArray();
    for (String output : target.outputs) {
      outputs.add(bench.outputs.folder().resolve(output).toString());
    }
    json.add("outputs", outputs);
    target.image.ifPresent(described -> json.add("image", described.json()));
    return json;
  }

  /// @param descriptor of the manifest or index
  /// @param platform or platforms, with commas between them
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

  private Optional<Described> image(PlannedTarget target, BuildResult result) throws IOException {
    if (target.references(ImagePart.IMAGE).length == 0) {
      return Optional.empty();
    }
    Optional<Digest> file = ImagePart.file(ImagePart.IMAGE, target, result);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Image image = Images.read(file.get(), bench.blobs);
    String platform =
        switch (Images.document(image, bench.blobs)) {
          case Manifest manifest -> Images.config(manifest, bench.blobs).platform().toString();
          case Index index ->
              index.manifests().stream()
                  .flatMap(entry -> entry.platform().stream())
                  .map(Platform::toString)
                  .collect(Collectors.joining(","));
        };
    return Optional.of(new Described(image.manifest(), platform));
  }
}
