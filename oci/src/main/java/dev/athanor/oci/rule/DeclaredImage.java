package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.WriteConfig;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.LayerFiles;
import dev.athanor.oci.image.LayerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Declares the actions of an image on a base, for targets that have [ImageAttributes]: the
/// target's `layers`, then those that its rule adds, then its commands.
final class DeclaredImage {
  private final RuleContext context;
  private final OciActions actions;
  private final ImageInfo base;
  private final List<LayerFiles> layers = new ArrayList<>();

  /// Whether nothing but files was added: what others made may hold whiteouts.
  private boolean alone = true;

  DeclaredImage(RuleContext context, OciActions actions) {
    this.context = context;
    this.actions = actions;
    ConfiguredTarget target = context.dependency("base").orElseThrow();
    this.base = context.require(target, ImageInfo.class, "base", "an image");
    for (ConfiguredTarget layer : context.dependencies("layers")) {
      layers.add(context.require(layer, LayerFiles.class, "layers", "a layer"));
      alone = false;
    }
  }

  /// Adds a layer, unless nothing is to be in it.
  ///
  /// @param name of the layer within the target
  /// @param inputs what `spec` names, and maybe more
  void add(String name, LayerSpec spec, List<Artifact> inputs) {
    if (!spec.isEmpty()) {
      LayerFiles layer = DeclaredLayer.files(context, context.label().name() + "." + name);
      String createdBy = "athanor add-layer " + context.label();
      boolean unpacked = !context.attributes().strings("commands").isEmpty();
      DeclaredLayer.add(context, actions, layer, spec, inputs, createdBy, unpacked);
      layers.add(layer);
      alone &= spec.archives().isEmpty();
    }
  }

  /// Runs the commands and puts the image together.
  ///
  /// @param entrypoint where the target gives none
  /// @param env where the target does not set the variable itself
  Providers finish(Optional<List<String>> entrypoint, Map<String, String> env) {
    Map<String, String> own = ImageAttributes.env(context);
    boolean volumes = !context.attributes().strings("clear").contains("volumes");
    BuildSteps steps = new BuildSteps(context, actions, base, own, volumes);
    steps.add(layers, alone);
    for (String command : context.attributes().strings("commands")) {
      layers.add(steps.layer(command));
    }
    Artifact.Derived image = context.file(context.label().name() + ".image.json");
    List<Artifact> inputs = new ArrayList<>(List.of(base.image()));
    layers.forEach(layer -> inputs.add(layer.info()));
    context.register(
        new Action.Builtin(
            context.label(),
            actions.config(),
            WriteConfig.params(Optional.empty(), ImageAttributes.edits(context, entrypoint, env)),
            inputs,
            List.of(image)));
    List<Artifact.Derived> blobs = new ArrayList<>(base.layers());
    layers.forEach(layer -> blobs.add(layer.blob()));
    ImageInfo info = new ImageInfo(image, blobs, steps.rootfs());
    Publishing publishing = new Publishing(context, actions, false);
    return Providers.of(
        ImageOutputs.layout(context, actions, info, publishing.tag()),
        info,
        info.executionRoot(),
        publishing.push(image, blobs),
        publishing.describe(image));
  }
}
