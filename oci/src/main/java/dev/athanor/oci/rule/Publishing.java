package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.DescribeImage;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.Push;
import dev.athanor.oci.image.Destination;
import dev.athanor.oci.model.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where an image or index goes when it is published, and the actions that bring it there.
final class Publishing {
  private static final Attribute REPOSITORY =
      Attribute.string(
          "repository",
          """
          Fully qualified repository to push to; without one and without `destinations`, `publish` skips the target. \
          In it, in tags and in `destinations`, `{NAME}` stands for the value of that name: from `tag_files`, from \
          `--define NAME=VALUE`, or for an image that is no index `os`, `architecture` and `variant` of the platform that it is built for.\
          """);

  private static final Attribute DESTINATIONS =
      Attribute.strings(
          "destinations",
          "Further places to push to: `repository:tag`, or `repository`, which gets the tags of `tag` and `image_tags`.");

  static final Attribute FILES =
      Attribute.of(
          "tag_files",
          Attribute.Type.LABEL_MAP,
          "From a target that makes one file to a name: `{NAME}` in tags and repositories stands for what the file holds.");

  static final Attribute TAG = Attribute.string("tag", "Tag to push.").orElse("latest");
  static final Attribute TAGS = Attribute.strings("image_tags", "More tags to push.");

  static final List<Attribute> ATTRIBUTES = List.of(REPOSITORY, TAG, TAGS, DESTINATIONS, FILES);

  private final RuleContext context;
  private final OciActions actions;

  /// The files of the values that are known only when these are made, by name.
  private final Map<String, Artifact> files;

  private final boolean index;

  /// One for each repository, with all its tags.
  private final List<Destination> destinations;

  /// @param index whether it is an index that is published
  Publishing(RuleContext context, OciActions actions, boolean index) {
    this.index = index;
    this.context = context;
    this.actions = actions;
    this.files = files(context);
    this.destinations = destinations();
  }

  private static Map<String, Artifact> files(RuleContext context) {
    Map<String, Artifact> files = new LinkedHashMap<>();
    context
        .attributes()
        .labelMap(FILES.name())
        .forEach((label, name) -> {
          List<Artifact> made = context.analysed(label).providers().defaultInfo().files();
          if (made.size() != 1) {
            throw context.error(
                FILES.name(), label + " is " + made.size() + " files", "name one that is one file");
          }
          if (!Destination.isName(name)) {
            throw context.error(FILES.name(), "'" + name + "' is no name", "for example VERSION");
          }
          if (files.put(name, made.getFirst()) != null) {
            throw context.error(FILES.name(), "two files are called " + name, "");
          }
        });
    return files;
  }

  /// The values that are known without making anything.
  static Map<String, String> values(Configuration build) {
    return new HashMap<>(build.flags());
  }

  /// The same for the target: of an index no platform is known, and a file's value counts for more
  /// than another of the same name.
  private Map<String, String> values() {
    Map<String, String> values = values(context.configuration());
    if (platform().isPresent()) {
      values.put("os", platform().get().os());
      values.put("architecture", platform().get().architecture());
      values.put("variant", platform().get().variant());
    }
    files.keySet().forEach(values::remove);
    return values;
  }

  private Optional<Platform> platform() {
    if (index) {
      return Optional.empty();
    }
    return Optional.of(
        Optional.ofNullable(context.attributes().values().get("platform"))
            .map(text -> context.parsed("platform", (String) text, Platform::parse))
            .orElseGet(() -> Platforms.of(context.configuration())));
  }

  /// The tag by which tools find the image in a layout.
  String tag() {
    String tag = Destination.fill(context.attributes().string(TAG.name()), values());
    return Destination.places(tag).isEmpty() ? tag : "latest";
  }

  /// Declares a push to each destination.
  ///
  /// @param image the file that stands for it
  /// @param layers the bytes of its layers
  PublishInfo push(Artifact.Derived image, List<Artifact.Derived> layers) {
    List<Artifact.Derived> receipts = new ArrayList<>();
    for (Destination destination : destinations) {
      String name = context.label().name();
      int number = receipts.size() + 1;
      Artifact.Derived receipt =
          context.file(name + (number == 1 ? "" : "." + number) + ".receipt.json");
      List<Artifact> inputs = new ArrayList<>();
      inputs.add(image);
      inputs.addAll(files.values());
      // Trees hold layers of the base: whether their bytes are needed, only the registry can tell.
      layers.stream()
          .filter(layer -> layer.kind() != Artifact.Derived.Kind.TREE)
          .forEach(inputs::add);
      context.register(
          new Action.Builtin(
              context.label(),
              actions.push(),
              Push.params(destination, List.copyOf(files.keySet())),
              inputs,
              List.of(receipt)));
      receipts.add(receipt);
    }
    return receipts.isEmpty()
        ? PublishInfo.skipped("it has no repository")
        : PublishInfo.to(receipts, destinations);
  }

  /// Declares the file that tells programs what the image is.
  DescriptionInfo describe(Artifact.Derived image) {
    Artifact.Derived description = context.file(context.label().name() + ".oci-info.json");
    List<Artifact> inputs = new ArrayList<>(List.of(image));
    inputs.addAll(files.values());
    context.register(
        new Action.Builtin(
            context.label(),
            actions.describe(),
            DescribeImage.params(
                context.label().toString(), destinations, List.copyOf(files.keySet())),
            inputs,
            List.of(description)));
    return new DescriptionInfo(description);
  }

  private List<Destination> destinations() {
    Attributes given = context.attributes();
    if (given.optionalString(REPOSITORY.name()).isEmpty()
        && given.strings(DESTINATIONS.name()).isEmpty()) {
      return List.of();
    }
    Set<String> tags = tags(context);
    Map<String, Destination> byRepository = new LinkedHashMap<>();
    given
        .optionalString(REPOSITORY.name())
        .ifPresent(repository ->
            add(REPOSITORY.name(), new Destination(repository, List.copyOf(tags)), byRepository));
    for (String text : given.strings(DESTINATIONS.name())) {
      add(DESTINATIONS.name(), Destination.parse(text, List.copyOf(tags)), byRepository);
    }
    return List.copyOf(byRepository.values());
  }

  /// What `tag` and `image_tags` say, once each.
  static Set<String> tags(RuleContext context) {
    Attributes given = context.attributes();
    Set<String> tags = new LinkedHashSet<>();
    tags.add(context.parsed(TAG.name(), given.string(TAG.name()), Destination::checkTag));
    for (String tag : given.strings(TAGS.name())) {
      tags.add(context.parsed(TAGS.name(), tag, Destination::checkTag));
    }
    return tags;
  }

  private void add(
      String attribute, Destination destination, Map<String, Destination> byRepository) {
    Destination filled = checked(attribute, destination);
    byRepository.merge(
        filled.repository(),
        filled,
        (one, other) -> {
          Set<String> tags = new LinkedHashSet<>(one.tags());
          tags.addAll(other.tags());
          return new Destination(one.repository(), List.copyOf(tags));
        });
  }

  private Destination checked(String attribute, Destination destination) {
    Destination filled = destination.fill(values());
    return context.parsed(attribute, "", _ -> filled.checked());
  }
}
