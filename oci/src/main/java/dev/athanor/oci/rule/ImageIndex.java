package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.WriteIndex;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.IndexInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// `oci_image_index`: images for several platforms under one name.
final class ImageIndex {
  private static final Attribute IMAGES =
      Attribute.labels(
              "images",
              "Images, or indexes of images: one for each platform. A client takes the first that fits.")
          .required();

  private final OciActions actions;

  private ImageIndex(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                IMAGES,
                Attribute.stringMap("annotations", "Annotations of the index."),
                DeclaredLayer.OUTPUT_PATH));
    attributes.addAll(Publishing.ATTRIBUTES);
    return Rule.of(
        "oci_image_index",
        """
        Images for several platforms under one name: an index, of which each client takes the image that it can run. \
        `platforms` on an image target makes one, too.\
        """,
        attributes,
        new ImageIndex(actions)::analyze);
  }

  private Providers analyze(RuleContext context) {
    List<ConfiguredTarget> images = context.dependencies(IMAGES.name());
    if (images.isEmpty()) {
      throw context.error(IMAGES.name(), "names no image", "name one for each platform");
    }
    return Providers.of(declare(context, actions, images, List.of()));
  }

  /// Declares the actions that make an index of targets and publish it.
  ///
  /// @param platforms what each image must be for; empty where none is asked
  static List<Provider> declare(
      RuleContext context,
      OciActions actions,
      List<ConfiguredTarget> images,
      List<String> platforms) {
    List<Artifact> files = new ArrayList<>();
    Set<Artifact.Derived> layers = new LinkedHashSet<>();
    for (ConfiguredTarget image : images) {
      IndexInfo info = info(context, image, IMAGES.name());
      files.add(info.index());
      layers.addAll(info.layers());
    }
    Artifact.Derived index = context.file(context.label().name() + ".index.json");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.index(),
            WriteIndex.params(
                new TreeMap<>(context.attributes().stringMap("annotations")), platforms),
            files,
            List.of(index)));
    IndexInfo made = new IndexInfo(index, List.copyOf(layers));
    Publishing publishing = new Publishing(context, actions, true);
    return List.of(
        ImageOutputs.layout(context, actions, index, made.layers(), publishing.tag()),
        made,
        publishing.push(index, made.layers()),
        publishing.describe(index));
  }

  /// An image is an index of one here.
  static IndexInfo info(RuleContext context, ConfiguredTarget target, String attribute) {
    Optional<IndexInfo> index = target.providers().get(IndexInfo.class);
    if (index.isPresent()) {
      return index.get();
    }
    ImageInfo image = context.require(target, ImageInfo.class, attribute, "an image");
    return new IndexInfo(image.image(), image.layers());
  }
}
