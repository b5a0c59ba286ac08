package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.session.Session;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.rule.PulledInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// `athanor fetch`: brings all that builds may need from registries.
final class FetchCommand implements Command {
  private static final String IMAGES = "images";
  private static final String LAYERS = "layers";
  private static final String ALL = "//...";

  @Override
  public String name() {
    return "fetch";
  }

  @Override
  public String usage() {
    return "[TARGET...]";
  }

  @Override
  public String summary() {
    return "Brings pulled images here with all their layers, for work without a network.";
  }

  @Override
  public String description() {
    return """
    Those that the targets are, or depend on; of the whole workspace when no target is named.
    Builds with --offline then find all that registries have. What a command fetches itself, with
    network = True, comes only by building it.\
    """;
  }

  /// One pulled image.
  ///
  /// @param bytes of manifest, config and layers
  private record Fetched(String label, String digest, int layers, long bytes) {
    String text() {
      return label
          + "@"
          + digest
          + " "
          + Amounts.count(layers, "layer")
          + ", "
          + Amounts.text(bytes);
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("label", label);
      json.addProperty("digest", digest);
      json.addProperty("layers", layers);
      json.addProperty("bytes", bytes);
      return json;
    }
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      List<String> words = invocation.arguments().isEmpty() ? List.of(ALL) : invocation.arguments();
      Set<Fetched> images = new LinkedHashSet<>();
      BuildResult result =
          bench.build(
              Goal.of(name(), FetchCommand::choose),
              bench.patterns(words),
              built -> read(built, bench, images));
      if (invocation.json()) {
        JsonObject json = BuildReport.summary(result);
        JsonArray array = new JsonArray();
        images.forEach(image -> array.add(image.json()));
        json.add(IMAGES, array);
        invocation.terminal().out().println(PrettyJson.of(json));
      } else {
        images.forEach(image -> invocation.terminal().out().println(image.text()));
      }
      return ExitCode.of(result.summary());
    }
  }

  private static WantedTarget choose(ConfiguredTarget target) {
    List<Artifact> images = new ArrayList<>();
    List<Artifact> layers = new ArrayList<>();
    for (ConfiguredTarget reached : Session.reachable(List.of(target))) {
      reached
          .providers()
          .get(PulledInfo.class)
          .ifPresent(pulled -> {
            images.add(pulled.image());
            layers.add(pulled.layers());
          });
    }
    return WantedTarget.of(
        target.label(), target.rule(), new TreeMap<>(Map.of(IMAGES, images, LAYERS, layers)));
  }

  /// An image that several targets depend on is told of once.
  private static void read(BuildResult result, Workbench bench, Set<Fetched> images)
      throws IOException {
    images.clear();
    for (PlannedTarget target : result.plan().targets()) {
      for (int reference : target.references(IMAGES)) {
        Optional<Digest> file = ImagePart.file(reference, result);
        if (file.isPresent()) {
          Image image = Images.read(file.get(), bench.blobs);
          images.add(
              new Fetched(
                  result.plan().outputOwner(Plan.number(reference)),
                  image.manifest().digest().toString(),
                  Images.manifest(image, bench.blobs).layers().size(),
                  Images.contents(image, bench.blobs).stream().mapToLong(Descriptor::size).sum()));
        }
      }
    }
  }
}
