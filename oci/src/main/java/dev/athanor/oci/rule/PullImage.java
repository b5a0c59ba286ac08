package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ExecutionRootInfo;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.OpenPlatformInfo;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.action.Fetch;
import dev.athanor.oci.action.FetchLayers;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.lock.LockFile;
import dev.athanor.oci.lock.LockedImage;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// `oci_pull_image` and `oci_pull_images`: images that a registry has.
final class PullImage {
  private static final Attribute REPOSITORY =
      Attribute.string(
              "repository",
              "Fully qualified repository: the registry's host and the path, such as `docker.io/library/python`.")
          .required();

  static final Attribute SHA =
      Attribute.string("sha", "SHA-256 digest of the image's manifest or index; hex digits only.")
          .alias("digest");

  private static final List<Attribute> OPTIONS =
      List.of(
          Attribute.bool("anonymous", "Send no credentials."),
          Attribute.string(
              "os", "Which operating system's image to take where `sha` names an index."),
          Attribute.string(
              "architecture", "Which architecture's image to take where `sha` names an index."),
          Attribute.string("variant", "Which variant of the architecture to take."));

  private static final RelativePath LOCK = RelativePath.of(LockFile.NAME);

  private final OciActions actions;

  private PullImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                REPOSITORY,
                SHA,
                Attribute.string(
                    "tag",
                    "The tag to pull: the lock file `athanor.lock` says which image it stands for, and `athanor lock` "
                        + "writes that. Where `sha` is given, too, that one decides.")));
    attributes.addAll(OPTIONS);
    return Rule.of(
            "oci_pull_image",
            """
            An image in a registry, pinned by digest or by the lock file. Manifest and config are fetched; layers come \
            only when something needs their bytes. Of an index, `os`, `architecture` and `variant` choose the image, or \
            else the platform that is built for: that of `--platform`, or one of a target's `platforms`.\
            """,
            attributes,
            new PullImage(actions)::analyze)
        .reading(LOCK);
  }

  static Macro images() {
    List<Attribute> attributes = new ArrayList<>(List.of(REPOSITORY));
    attributes.addAll(OPTIONS);
    return Variants.of(
        "oci_pull_images",
        "Several images of one repository: `:name#variant` for each entry of `variants`.",
        attributes,
        "From a name of your choice to the SHA-256 digest of an image.",
        "oci_pull_image",
        _ -> Map.of());
  }

  private Providers analyze(RuleContext context) {
    Repository repository =
        context.parsed("repository", context.attributes().string("repository"), Repository::parse);
    Pin pin = pin(context, repository);
    String name = context.label().name();
    Artifact.Derived image = context.file(name + ".image.json");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.fetch(),
            Fetch.params(repository, pin.sha(), pin.wish(), context.attributes().bool("anonymous")),
            List.of(),
            List.of(image)));
    Artifact.Derived layers = context.tree(name + ".layers");
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
    List<Provider> providers =
        new ArrayList<>(
            List.of(
                ImageOutputs.layout(context, actions, info, "latest"),
                info,
                root(info, repository, pin),
                new PulledInfo(image, layers),
                PublishInfo.skipped("it is pulled, not built")));
    if (pin.wish() instanceof Fetch.Wish.Nothing) {
      providers.add(new OpenPlatformInfo());
    }
    return Providers.of(providers);
  }

  /// What to ask the registry for.
  ///
  /// @param exact whether nothing is left to choose: the digest names the image itself, or an index
  ///   of which there is only one
  private record Pin(Sha256 sha, Fetch.Wish wish, boolean exact) {}

  /// Whoever runs commands elsewhere pulls the image by its name, and an index would give another
  /// image to a worker of another platform.
  private static ExecutionRootInfo root(ImageInfo info, Repository repository, Pin pin) {
    return pin.exact()
        ? ExecutionRootInfo.image(
            info.rootfs(), repository.digest(OciDigest.of(pin.sha())).toString())
        : info.executionRoot();
  }

  private static Pin pin(RuleContext context, Repository repository) {
    Fetch.Wish wish = wish(context);
    if (context.attributes().optionalString("sha").isPresent()) {
      return new Pin(sha(context, SHA.name()), wish, wish instanceof Fetch.Wish.Nothing);
    }
    Reference tag =
        context.parsed(
            "tag",
            context
                .attributes()
                .optionalString("tag")
                .orElseThrow(() ->
                    context.error(
                        "sha",
                        "neither sha nor tag says which image",
                        "give sha, or give tag and run `athanor lock`")),
            repository::tag);
    LockedImage locked =
        context
            .text(LOCK)
            .map(text -> context.parsed("tag", text, LockFile::parse))
            .orElse(LockFile.EMPTY)
            .find(tag)
            .orElseThrow(() ->
                context.error(
                    "tag",
                    LockFile.NAME + " does not say what " + tag + " stands for",
                    "run `athanor lock`"));
    return new Pin(chosen(context, locked, wish).digest().sha256(), wish, true);
  }

  /// The image's own manifest: a new image for another platform changes nothing for this one.
  private static Descriptor chosen(RuleContext context, LockedImage locked, Fetch.Wish wish) {
    SortedMap<String, Descriptor> platforms = locked.platforms();
    return switch (wish) {
      case Fetch.Wish.Must(var platform) ->
          context.parsed("tag", platform, wanted -> locked.choose(Fetch.platform(wanted)));
      case Fetch.Wish.Choose(var platform) when MediaType.isIndex(locked.root().mediaType()) ->
          context.parsed("tag", platform, wanted -> locked.choose(Fetch.platform(wanted)));
      case Fetch.Wish.Nothing _, Fetch.Wish.Choose _ ->
          platforms.size() == 1 ? platforms.values().iterator().next() : locked.root();
    };
  }

  /// The digest that an attribute gives, with `sha256:` in front or without.
  static Sha256 sha(RuleContext context, String attribute) {
    String text = context.attributes().string(attribute);
    String hex = text.startsWith("sha256:") ? text.substring("sha256:".length()) : text;
    if (!Sha256.isHex(hex)) {
      throw context.error(
          attribute,
          "'" + text + "' is not a SHA-256 digest",
          "64 lower-case hex digits; `athanor image inspect` and `skopeo inspect` show digests");
    }
    return Sha256.parse(hex);
  }

  private static Fetch.Wish wish(RuleContext context) {
    List<String> parts = new ArrayList<>();
    for (String part : List.of("os", "architecture", "variant")) {
      parts.add(context.attributes().optionalString(part).orElse(""));
    }
    if (!parts.stream().allMatch(String::isEmpty)) {
      return new Fetch.Wish.Must(String.join("/", parts));
    }
    Configuration build = context.configuration();
    return build.reason() == Configuration.Reason.DEFAULT
        ? new Fetch.Wish.Nothing()
        : new Fetch.Wish.Choose(
            String.join("/", build.os(), build.architecture(), build.variant()));
  }
}
