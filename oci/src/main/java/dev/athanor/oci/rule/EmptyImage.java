package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.WriteConfig;
import dev.athanor.oci.image.ConfigEdits;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.model.Platform;
import java.util.List;

/// `oci_image_empty`: an image without layers, to start from nothing.
final class EmptyImage {
  /// The host's architecture never decides what an image is for.
  static final List<Attribute> PLATFORM =
      List.of(
          Attribute.string("os", "The operating system that the image is for.").orElse("linux"),
          Attribute.string("architecture", "The architecture that the image is for.")
              .orElse("amd64"),
          Attribute.string("variant", "The architecture's variant.").orElse(""));

  private final OciActions actions;

  private EmptyImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    return Rule.of(
        "oci_image_empty",
        "An image without layers. Every workspace has one, `//:empty`; `base = \"scratch\"` means it.",
        PLATFORM,
        new EmptyImage(actions)::analyze);
  }

  private Providers analyze(RuleContext context) {
    Artifact.Derived image =
        Artifact.Derived.file(context.label(), context.label().name() + ".image.json");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.config(),
            WriteConfig.params(false, platform(context.attributes()), ConfigEdits.NONE),
            List.of(),
            List.of(image)));
    ImageInfo info =
        new ImageInfo(image, List.of(), ImageOutputs.rootfs(context, actions, image, List.of()));
    return Providers.of(
        ImageOutputs.layout(context, actions, info, "latest"),
        info,
        PublishInfo.skipped("it has no repository"));
  }

  private static Platform platform(Attributes attributes) {
    return Platform.of(
            attributes.string("os"),
            attributes.string("architecture"),
            attributes.string("variant"))
        .normalized();
  }
}
