package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.WriteConfig;
import dev.athanor.oci.image.ConfigEdits;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.model.Platform;
import java.util.List;
import java.util.Optional;

/// `oci_image_empty`: an image without layers, to start from nothing.
final class EmptyImage {
  private static final List<Attribute> PLATFORM =
      List.of(
          Attribute.string("os", "The operating system of the image; that of `--platform`."),
          Attribute.string("architecture", "The architecture of the image; that of `--platform`."),
          Attribute.string("variant", "The architecture's variant."));

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
    Artifact.Derived image = context.file(context.label().name() + ".image.json");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.config(),
            WriteConfig.params(Optional.of(platform(context)), ConfigEdits.NONE),
            List.of(),
            List.of(image)));
    ImageInfo info =
        new ImageInfo(image, List.of(), ImageOutputs.rootfs(context, actions, image, List.of()));
    return Providers.of(
        ImageOutputs.layout(context, actions, info, "latest"),
        info,
        info.executionRoot(),
        PublishInfo.skipped("it has no repository"));
  }

  /// What the target says, or else what the build is for. The host's architecture never decides.
  private static Platform platform(RuleContext context) {
    Attributes given = context.attributes();
    Configuration build = context.configuration();
    String architecture = given.optionalString("architecture").orElse(build.architecture());
    String variant = architecture.equals(build.architecture()) ? build.variant() : "";
    return Platform.of(
            given.optionalString("os").orElse(build.os()),
            architecture,
            given.optionalString("variant").orElse(variant))
        .normalized();
  }
}
