package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.layout.ArchiveWriter;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.rule.PublishInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `athanor load`: puts images into a container runtime of this machine.
final class LoadCommand implements Command {
  private static final String TO = "to";
  private static final String NAMESPACE = "namespace";
  private static final String NAME = "name";
  private static final String ARCHIVE = "archive";

  /// The fact of a target that is an image: what it is to be called.
  private static final String CALLED = "called";

  private static final String LAYERS = "layers";

  /// What to load into. Where several would do, it is the first that answers.
  private enum To {
    AUTO,
    DOCKER,
    PODMAN,
    CONTAINERD;

    List<ImageRuntime> runtimes() {
      return this == AUTO ? List.of(ImageRuntime.values()) : List.of(ImageRuntime.valueOf(name()));
    }
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public boolean isBuild() {
    return true;
  }

  @Override
  public String usage() {
    return "TARGET...";
  }

  @Override
  public String summary() {
    return "Builds images and puts them into docker, podman or containerd.";
  }

  @Override
  public String description() {
    return """
    The runtime gets only the layers that it lacks, and layers of a base that it has are not
    fetched here either. An image is called by its repository and tag, and localhost/PACKAGE/NAME
    where it has no repository.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null,
                TO,
                "RUNTIME",
                "one of " + Choice.spelled(To.values()) + "; auto takes the first that answers"))
        .addOption(
            GlobalFlags.value(
                null, NAMESPACE, "NAME", "containerd's namespace, by default default"))
        .addOption(GlobalFlags.value(null, NAME, "REPOSITORY[:TAG]", "call the image so"))
        .addOption(
            GlobalFlags.value(
                null, ARCHIVE, "FILE", "write what `docker load` and `podman load` read instead"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    CommandLine options = invocation.options();
    Optional<Reference> name = GlobalFlags.last(options, NAME).map(ImageName::parse);
    Optional<Path> archive = GlobalFlags.path(options, ARCHIVE, invocation.terminal());
    To to = Choice.of(options, TO, To.AUTO);
    if (archive.isPresent() && options.hasOption(TO)) {
      throw new UserException("--archive and --to exclude each other", "load FILE later");
    }
    invocation.targets();
    try (Workbench bench = new Workbench(invocation)) {
      Taking taking = archive.isPresent() ? into(archive.get()) : into(invocation, to, bench.flags);
      List<TargetPattern> patterns = bench.patterns(invocation.targets());
      List<ImageLoad.Loaded> loaded = new ArrayList<>();
      BuildResult result =
          bench.build(
              Goal.of(
                  name() + (archive.isPresent() ? " whole" : ""),
                  target -> choose(target, archive.isPresent(), patterns)),
              patterns,
              built -> {
                loaded.clear();
                loaded.addAll(taking.take(named(built, name, bench), bench));
              });
      print(invocation, result, loaded);
      return ExitCode.of(result.summary());
    }
  }

  /// Somebody who takes images. May have to do so again when something of them was lost.
  private interface Taking {
    List<ImageLoad.Loaded> take(List<ImageLoad.Named> images, Workbench bench)
        throws IOException, InterruptedException;
  }

  private static Taking into(Invocation invocation, To to, GlobalFlags flags)
      throws IOException, InterruptedException {
    String namespace = GlobalFlags.last(invocation.options(), NAMESPACE).orElse("default");
    Map<String, String> env = new HashMap<>(invocation.terminal().env());
    env.keySet().removeAll(flags.registries().secretVariables());
    RuntimeProgram program = RuntimeProgram.first(to.runtimes(), namespace, env);
    return (images, bench) -> ImageLoad.into(program, images, bench);
  }

  private static Taking into(Path file) {
    return (images, bench) -> {
      if (images.isEmpty()) {
        return List.of();
      }
      List<ArchiveWriter.Named> named = images.stream().map(ImageLoad.Named::inArchive).toList();
      NewFile.write(file, out -> ArchiveWriter.write(out, named, bench.blobs));
      return images.stream().map(image -> image.whole(bench.shown(file))).toList();
    };
  }

  private static WantedTarget choose(
      ConfiguredTarget target, boolean whole, List<TargetPattern> patterns) {
    Optional<ImageInfo> found = target.providers().get(ImageInfo.class);
    if (found.isEmpty()) {
      if (patterns.contains(new TargetPattern.Single(target.label()))) {
        var _ = ImagePart.image(target);
      }
      return WantedTarget.of(target.label(), target.rule(), Map.of());
    }
    // Trees hold layers of the base: whether their bytes are needed, only the runtime can tell.
    List<Artifact> layers =
        found.get().layers().stream()
            .filter(layer -> whole || layer.kind() != Artifact.Derived.Kind.TREE)
            .<Artifact>map(layer -> layer)
            .toList();
    Map<String, List<Artifact>> artifacts = new TreeMap<>();
    artifacts.put(ImagePart.IMAGE, List.of(found.get().image()));
    artifacts.put(LAYERS, layers);
    return WantedTarget.of(target.label(), target.rule(), artifacts)
        .withFact(CALLED, called(target).toString());
  }

  /// As it is published first of all; a name of this machine where that is not known.
  private static Reference called(ConfiguredTarget target) {
    Label label = target.label();
    return target
        .providers()
        .get(PublishInfo.class)
        .flatMap(published -> published.names().stream().findFirst())
        .map(ImageName::parse)
        .orElseGet(() -> ImageName.local(label.pkg() + "/" + label.name()));
  }

  private static List<ImageLoad.Named> named(
      BuildResult result, Optional<Reference> name, Workbench bench) throws IOException {
    Map<String, Reference> names = new HashMap<>();
    Set<String> whole = new HashSet<>();
    for (PlannedTarget target : result.plan().targets()) {
      String called = target.facts().get(CALLED);
      if (called != null) {
        if (IntStream.of(target.references(LAYERS)).allMatch(result::has)) {
          whole.add(target.label());
        }
        names.put(target.label(), name.orElseGet(() -> Reference.parse(called)));
      }
    }
    if (names.isEmpty()) {
      throw new UserException(
          "there is no image among these targets", "name one, such as an oci_build_image");
    }
    checkDistinct(names);
    return OpenImage.of(result, bench).stream()
        .filter(image -> whole.contains(image.label()))
        .map(image ->
            new ImageLoad.Named(
                image, names.getOrDefault(image.label(), ImageName.local(image.label()))))
        .toList();
  }

  /// Of two images of one name only the last would be found.
  private static void checkDistinct(Map<String, Reference> names) {
    Map<Reference, String> labels = new HashMap<>();
    new TreeMap<>(names)
        .forEach((label, name) -> {
          String other = labels.put(name, label);
          if (other != null) {
            throw new UserException(
                other + " and " + label + " would both be called " + name,
                "load them one by one, with --name");
          }
        });
  }

  private static void print(
      Invocation invocation, BuildResult result, List<ImageLoad.Loaded> loaded) {
    PrintStream out = invocation.terminal().out();
    if (!invocation.json()) {
      loaded.forEach(image -> out.println(image.line()));
      return;
    }
    JsonArray images = new JsonArray();
    loaded.forEach(image -> images.add(image.json()));
    JsonObject json = BuildReport.summary(result);
    json.add("loaded", images);
    out.println(PrettyJson.of(json));
  }
}
