package dev.athanor.oci.image;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.ProviderType;
import java.util.List;
import java.util.Map;

/// What a target that is a layer provides.
///
/// @param blob the compressed tar
/// @param info the file that [LayerInfo] describes
public record LayerFiles(Artifact.Derived blob, Artifact.Derived info) implements Provider {
  /// What .bzl files call `OciLayerInfo`.
  public static final ProviderType<LayerFiles> TYPE =
      new ProviderType<>(
          "OciLayerInfo",
          LayerFiles.class,
          "A layer: `blob` is the compressed tar, `info` the file that describes it.",
          List.of("blob", "info"),
          layer -> Map.of("blob", layer.blob, "info", layer.info),
          fields -> {
            if (fields.get("blob") instanceof Artifact.Derived blob
                && fields.get("info") instanceof Artifact.Derived info) {
              return new LayerFiles(blob, info);
            }
            throw new UserException("expected two files that a target makes");
          });
}
