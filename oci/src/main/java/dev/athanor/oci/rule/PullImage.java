package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.Fetch;
import dev.athanor.oci.action.FetchLayers;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.model.Repository;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `oci_pull_image` and `oci_pull_images`: images that a registry has.
final class PullImage {
  private static final Attribute REPOSITORY =
      Attribute.string(
              "repository",
              "Fully qualified repository: the registry's host and the path, such as `docker.io/library/python`.")
          .required();

  private static final List<Attribute> OPTIONS =
      List.of(
          Attribute.bool("anonymous", "Send no credentials."),
          Attribute.string(
              "os", "Which operating system's image to take where `sha` names an index."),
          Attribute.string(
              "architecture", "Which architecture's image to take where `sha` names an index."),
          Attribute.string("variant", "Which variant of the architecture to take."));

  private final OciActions actions;

  private PullImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                REPOSITORY,
                Attribute.string(
                        "sha", "SHA-256 digest of the image's manifest or index; hex digits only.")
                    .alias("digest")
                    .required()));
    attributes.addAll(OPTIONS);
    return Rule.of(
        "oci_pull_image",
        """
        An image in a registry, pinned by digest. Manifest and config are fetched; layers come only when something \
        needs their bytes.\
        """,
        attributes,
        new PullImage(actions)::analyze);
  }

  static Macro images() {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                REPOSITORY,
                Attribute.stringMap(
                        "variants", "From a name of your choice to the SHA-256 digest of an image.")
                    .required()));
    attributes.addAll(OPTIONS);
    return new Macro(
        "oci_pull_images",
        "Several images of one repository: `:name#variant` for each entry of `variants`.",
        attributes,
        given -> {
          List<Macro.Expansion> expansions = new ArrayList<>();
          given
              .stringMap("variants")
              .forEach((variant, sha) -> {
                Map<String, Object> values = new HashMap<>(given.values());
                values.remove("variants");
                values.put("sha", sha);
                expansions.add(
                    new Macro.Expansion(
                        given.string("name") + "#" + variant, "oci_pull_image", values));
              });
          return expansions;
        });
  }

  private Providers analyze(RuleContext context) {
    Repository repository =
        context.parsed("repository", context.attributes().string("repository"), Repository::parse);
    String name = context.label().name();
    Artifact.Derived image = Artifact.Derived.file(context.label(), name + ".image.json");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.fetch(),
            Fetch.params(
                repository,
                sha(context),
                platform(context),
                context.attributes().bool("anonymous")),
            List.of(),
            List.of(image)));
    Artifact.Derived layers = Artifact.Derived.tree(context.label(), name + ".layers");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.fetchLayers(),
            FetchLayers.params(context.attributes().bool("anonymous")),
            List.of(image),
            List.of(layers)));
    ImageInfo info =
        new ImageInfo(
            image, List.of(layers), ImageOutputs.rootfs(context, actions, image, List.of(layers)));
    return Providers.of(
        ImageOutputs.layout(context, actions, info, "latest"),
        info,
        info.executionRoot(),
        PublishInfo.skipped("it is pulled, not built"));
  }

  private static Sha256 sha(RuleContext context) {
    String text = context.attributes().string("sha");
    String hex = text.startsWith("sha256:") ? text.substring("sha256:".length()) : text;
    if (!Sha256.isHex(hex)) {
      throw context.error(
          "sha",
          "'" + text + "' is not a SHA-256 digest",
          "64 lower-case hex digits; `skopeo inspect` shows the digest of a tag");
    }
    return Sha256.parse(hex);
  }

  /// What was asked for, as `os/architecture/variant` with empty parts where nothing was.
  private static Optional<String> platform(RuleContext context) {
    List<String> parts = new ArrayList<>();
    for (String part : List.of("os", "architecture", "variant")) {
      parts.add(context.attributes().optionalString(part).orElse(""));
    }
    return parts.stream().allMatch(String::isEmpty)
        ? Optional.empty()
        : Optional.of(String.join("/", parts));
  }
}
