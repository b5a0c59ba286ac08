package dev.athanor.oci.rule;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.action.AddLayer;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.image.LayerFiles;
import dev.athanor.oci.image.LayerSpec;
import dev.athanor.oci.layer.Compression;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What actions that make a layer leave behind, and what their rules have in common.
final class DeclaredLayer {
  static final Attribute COMPRESSION =
      Attribute.string("compression", "How new layers are compressed.")
          .oneOf("gzip", "zstd", "none")
          .orElse("gzip");

  static final Attribute CREATED_BY =
      Attribute.string(
          "created_by", "What the history of an image says of the layer; by default, its label.");

  static final Attribute OUTPUT_PATH =
      Attribute.string(
          "output_path",
          "Where `build` leaves the result, below the folder of the package's outputs; by default at the target's"
              + " name.");

  private DeclaredLayer() {}

  static Compression compression(RuleContext context) {
    return Compression.valueOf(context.attributes().string("compression").toUpperCase(Locale.ROOT));
  }

  /// The files of a layer with a name of its own within the target.
  static LayerFiles files(RuleContext context, String name) {
    return new LayerFiles(
        context.file(name + suffix(compression(context))), context.file(name + ".json"));
  }

  private static String suffix(Compression compression) {
    return switch (compression) {
      case NONE -> ".tar";
      case GZIP -> ".tar.gz";
      case ZSTD -> ".tar.zst";
    };
  }

  /// Declares the packing of files.
  ///
  /// @param inputs what `spec` names, and maybe more
  /// @param unpacked whether something is to run in an image with the layer
  static void add(
      RuleContext context,
      OciActions actions,
      LayerFiles layer,
      LayerSpec spec,
      List<Artifact> inputs,
      String createdBy,
      boolean unpacked) {
    context.register(
        new Action.Builtin(
            context.label(),
            actions.addLayer(),
            AddLayer.params(spec, compression(context), createdBy, unpacked),
            inputs,
            List.of(layer.blob(), layer.info())));
  }

  /// The layer of a target that is nothing else, at the place where `build` is to leave it.
  static LayerFiles ofTarget(RuleContext context) {
    Optional<String> path = context.attributes().optionalString("output_path");
    if (path.isEmpty()) {
      return files(context, context.label().name());
    }
    return new LayerFiles(
        context.output(ImageOutputs.path(context), Artifact.Derived.Kind.FILE),
        context.file(context.label().name() + ".json"));
  }

  static Providers providers(LayerFiles layer) {
    return Providers.of(DefaultInfo.of(List.of(layer.blob())), layer);
  }

  static String createdBy(RuleContext context) {
    return context
        .attributes()
        .optionalString("created_by")
        .orElseGet(() -> "athanor " + context.label());
  }
}
