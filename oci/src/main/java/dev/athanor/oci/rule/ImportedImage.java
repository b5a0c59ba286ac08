package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.ImportImage;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.model.Platform;
import java.util.List;

/// `oci_import_image`: an image that other tools left in a file or directory.
final class ImportedImage {
  private final OciActions actions;

  private ImportedImage(OciActions actions) {
    this.actions = actions;
  }

  static Rule rule(OciActions actions) {
    return Rule.of(
        "oci_import_image",
        """
        An image that other tools made: an archive of `docker save`, `podman save` or `skopeo`, compressed or not, or a \
        directory with an image layout. Its digest stays what it is.\
        """,
        List.of(
            Attribute.label("src", "The archive or directory.").required(),
            Attribute.string("tag", "Which of several images to take."),
            Attribute.string(
                "platform",
                "Which image of an index to take, as `os/architecture`; that of `--platform`.")),
        new ImportedImage(actions)::analyze);
  }

  private Providers analyze(RuleContext context) {
    List<Artifact> files =
        context.dependency("src").orElseThrow().providers().defaultInfo().files();
    if (files.size() != 1) {
      throw context.error(
          "src", "is " + files.size() + " files", "name one archive, or one directory");
    }
    String name = context.label().name();
    Artifact.Derived image = context.file(name + ".image.json");
    Artifact.Derived layers = context.tree(name + ".layers");
    context.register(
        new Action.Builtin(
            context.label(),
            actions.importImage(),
            ImportImage.params(context.attributes().optionalString("tag"), platform(context)),
            files,
            List.of(image, layers)));
    ImageInfo info =
        new ImageInfo(
            image, List.of(layers), ImageOutputs.rootfs(context, actions, image, List.of(layers)));
    return Providers.of(
        ImageOutputs.layout(
            context, actions, info, context.attributes().optionalString("tag").orElse("latest")),
        info,
        info.executionRoot(),
        PublishInfo.skipped("it is imported, not built"));
  }

  private static Platform platform(RuleContext context) {
    Configuration build = context.configuration();
    return context
        .attributes()
        .optionalString("platform")
        .map(text -> context.parsed("platform", text, Platform::parse))
        .orElseGet(() -> Platform.of(build.os(), build.architecture(), build.variant()));
  }
}
