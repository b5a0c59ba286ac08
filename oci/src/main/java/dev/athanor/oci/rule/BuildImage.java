package dev.athanor.oci.rule;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.AddLayer;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.Push;
import dev.athanor.oci.action.WriteConfig;
import dev.athanor.oci.image.ConfigEdits;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `oci_build_image`: a base, with files and steps on top.
final class BuildImage {
  private final OciActions actions;

  private BuildImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    return Rule.of(
            "oci_build_image",
            """
            An image: a base with packages on top. The packages become one layer, in which each file lies at its path \
            in the workspace (`//app:server` at `/app/server`), owned by root. The executable of the first package \
            that has one becomes the entrypoint. `build` leaves an OCI layout directory; `publish` pushes it.\
            """,
            List.of(
                Attribute.label(
                        "base", "The image to start from: a label, or `scratch` for an empty one.")
                    .scalarOrList()
                    .word("scratch", "//:empty")
                    .required(),
                Attribute.labels("packages", "Targets whose files go into the image."),
                Attribute.strings(
                        "commands",
                        """
                        Shell commands to run in the image after the packages are in it, each one a layer. They run \
                        as root with `/bin/sh -c`, without network, and what they change under /tmp, /run, /proc, \
                        /sys, /dev and in /etc/resolv.conf, /etc/hosts and /etc/hostname is not kept.\
                        """)
                    .scalarOrList(),
                Attribute.string(
                    "repository",
                    "Fully qualified repository to push to; without one, `publish` skips the target."),
                Attribute.string("tag", "Tag to push.").orElse("latest"),
                Attribute.strings("env", "`KEY=VALUE` entries for the image's environment."),
                Attribute.strings(
                        "entrypoint",
                        "Program and first arguments; takes away the inherited command.")
                    .scalarOrList(),
                Attribute.strings("args", "Arguments that `run` may replace: the image's command."),
                Attribute.stringMap("labels", "Labels of the image."),
                Attribute.stringMap("annotations", "Annotations of the manifest."),
                Attribute.string("user", "`user` or `user:group` that the entrypoint runs as."),
                Attribute.string("workdir", "Directory that the entrypoint starts in."),
                Attribute.strings("ports", "Ports that the image listens on, such as `8080/tcp`."),
                Attribute.strings("volumes", "Paths for data that outlives a container."),
                Attribute.string("stop_signal", "Signal that asks the entrypoint to end.")),
            new BuildImage(actions)::analyze)
        .alias("oci_image_build");
  }

  private Providers analyze(RuleContext context) {
    ConfiguredTarget baseTarget = context.dependency("base").orElseThrow();
    ImageInfo base = context.require(baseTarget, ImageInfo.class, "base", "an image");
    Map<Artifact, String> files = destinations(context);
    List<Artifact> infos = new ArrayList<>();
    List<Artifact.Derived> blobs = new ArrayList<>(base.layers());
    String name = context.label().name();
    if (!files.isEmpty()) {
      Artifact.Derived blob = Artifact.Derived.file(context.label(), name + ".layer.tar.gz");
      Artifact.Derived info = Artifact.Derived.file(context.label(), name + ".layer.json");
      context.register(
          new Action.Builtin(
              context.label(),
              actions.addLayer(),
              AddLayer.params(files, Compression.GZIP, "athanor add-layer " + context.label()),
              List.copyOf(files.keySet()),
              List.of(blob, info)));
      infos.add(info);
      blobs.add(blob);
    }
    Map<String, String> env = env(context);
    BuildSteps steps = new BuildSteps(context, actions, base, env);
    steps.packages(infos, blobs.subList(base.layers().size(), blobs.size()));
    for (String command : context.attributes().strings("commands")) {
      BuildSteps.Step step = steps.command(command);
      infos.add(step.info());
      blobs.add(step.blob());
    }
    Artifact.Derived image = Artifact.Derived.file(context.label(), name + ".image.json");
    List<Artifact> inputs = new ArrayList<>();
    inputs.add(base.image());
    inputs.addAll(infos);
    context.register(
        new Action.Builtin(
            context.label(),
            actions.config(),
            WriteConfig.params(true, Platform.of("linux", "amd64"), edits(context, env)),
            inputs,
            List.of(image)));
    ImageInfo info = new ImageInfo(image, blobs, steps.rootfs());
    String tag = context.attributes().string("tag");
    return Providers.of(
        ImageOutputs.layout(context, actions, info, tag),
        info,
        info.executionRoot(),
        publish(context, info, tag));
  }

  /// Each file of the packages, and where it goes: to its path in the workspace.
  private static Map<Artifact, String> destinations(RuleContext context) {
    Map<Artifact, String> destinations = new LinkedHashMap<>();
    for (Artifact file : context.files("packages")) {
      destinations.put(file, destination(file));
    }
    return destinations;
  }

  private static String destination(Artifact file) {
    return switch (file) {
      case Artifact.Source source -> "/" + source.path();
      case Artifact.Derived derived -> "/" + derived.visiblePath();
    };
  }

  private static ConfigEdits edits(RuleContext context, Map<String, String> env) {
    Attributes given = context.attributes();
    return new ConfigEdits(
        entrypoint(context),
        given.isGiven("args") ? Optional.of(given.strings("args")) : Optional.empty(),
        env,
        given.stringMap("labels"),
        given.optionalString("user"),
        given.optionalString("workdir"),
        given.strings("ports"),
        given.strings("volumes"),
        given.optionalString("stop_signal"),
        new TreeMap<>(given.stringMap("annotations")));
  }

  /// The entrypoint that the target gives, or else the first package's program.
  private static Optional<List<String>> entrypoint(RuleContext context) {
    if (context.attributes().isGiven("entrypoint")) {
      return Optional.of(context.attributes().strings("entrypoint"));
    }
    return context.dependencies("packages").stream()
        .flatMap(target -> target.providers().defaultInfo().executable().stream())
        .findFirst()
        .map(program -> List.of(destination(program)));
  }

  private static Map<String, String> env(RuleContext context) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String entry : context.attributes().strings("env")) {
      int equals = entry.indexOf('=');
      if (equals <= 0) {
        throw context.error("env", "'" + entry + "' is not KEY=VALUE", "for example PORT=8080");
      }
      env.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return env;
  }

  private PublishInfo publish(RuleContext context, ImageInfo info, String tag) {
    Optional<String> text = context.attributes().optionalString("repository");
    if (text.isEmpty()) {
      return PublishInfo.skipped("it has no repository");
    }
    Repository repository;
    try {
      repository = Repository.parse(text.get());
    } catch (UserException e) {
      throw context.error("repository", String.valueOf(e.getMessage()), e.hint().orElse(""));
    }
    if (!Reference.isTag(tag)) {
      throw context.error(
          "tag", "'" + tag + "' is not a tag", "letters, digits, '_', '.' and '-', at most 128");
    }
    Label label = context.label();
    Artifact.Derived receipt = Artifact.Derived.file(label, label.name() + ".receipt.json");
    List<Artifact> inputs = new ArrayList<>();
    inputs.add(info.image());
    // Trees hold layers of the base: whether their bytes are needed, only the registry can tell.
    info.layers().stream()
        .filter(layer -> layer.kind() != Artifact.Derived.Kind.TREE)
        .forEach(inputs::add);
    context.register(
        new Action.Builtin(
            label, actions.push(), Push.params(repository, tag), inputs, List.of(receipt)));
    return PublishInfo.to(receipt);
  }
}
