package dev.athanor.oci.rule;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.UnpackLayers;
import dev.athanor.oci.action.WriteLayout;
import dev.athanor.oci.image.ImageInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What every image target can be turned into.
final class ImageOutputs {
  private ImageOutputs() {}

  /// The unpacked layers of an image that knows no shorter way to them.
  static Artifact.Derived rootfs(
      RuleContext context,
      OciActions actions,
      Artifact.Derived image,
      List<Artifact.Derived> layers) {
    Artifact.Derived rootfs = context.file(context.label().name() + ".rootfs");
    List<Artifact> inputs = new ArrayList<>();
    inputs.add(image);
    inputs.addAll(layers);
    context.register(
        new Action.Builtin(
            context.label(), actions.unpack(), UnpackLayers.image(), inputs, List.of(rootfs)));
    return rootfs;
  }

  /// An OCI layout directory with the target's name, or where `output_path` says.
  static DefaultInfo layout(RuleContext context, OciActions actions, ImageInfo image, String tag) {
    return layout(context, actions, image.image(), image.layers(), tag);
  }

  /// The same of an image or index.
  ///
  /// @param image the file that stands for it
  static DefaultInfo layout(
      RuleContext context,
      OciActions actions,
      Artifact.Derived image,
      List<Artifact.Derived> layers,
      String tag) {
    Artifact.Derived layout = context.tree(path(context));
    List<Artifact> inputs = new ArrayList<>();
    inputs.add(image);
    inputs.addAll(layers);
    context.register(
        new Action.Builtin(
            context.label(), actions.layout(), WriteLayout.params(tag), inputs, List.of(layout)));
    return DefaultInfo.of(List.of(layout));
  }

  /// Where the target's result is to be, below the folder of the package's outputs.
  static String path(RuleContext context) {
    Map<String, Object> values = context.attributes().values();
    if (!(values.get(DeclaredLayer.OUTPUT_PATH.name()) instanceof String path)) {
      return context.label().name();
    }
    try {
      return RelativePath.of(path).text();
    } catch (UserException e) {
      throw context.error(
          DeclaredLayer.OUTPUT_PATH.name(),
          "'" + path + "' is no path below the outputs",
          "write a relative path without '..'");
    }
  }
}
