package dev.athanor.oci.validate;

import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import java.util.List;
import java.util.Optional;

/// What is asked of a manifest.
final class ManifestRules {
  private static final DocumentRules COMMON =
      new DocumentRules(
          Rule.MANIFEST_SCHEMA_VERSION,
          Rule.MANIFEST_MEDIA_TYPE,
          Rule.MANIFEST_ARTIFACT_TYPE,
          Rule.MANIFEST_FOREIGN_MEMBER,
          Manifest.MEMBERS,
          List.of("manifests"));

  private ManifestRules() {}

  /// What a manifest consists of.
  ///
  /// @param layers base first; empty in place of each that cannot be told, and altogether where
  ///   there is no list
  record Parts(Optional<Target> config, Optional<List<Optional<Target>>> layers) {
    /// Whether a file system is made of it; other manifests carry artifacts.
    boolean isImage() {
      return config.filter(it -> MediaType.isImageConfig(it.mediaType())).isPresent();
    }
  }

  static Parts check(Value manifest, String mediaType) {
    COMMON.check(manifest, mediaType);
    Optional<Target> config =
        manifest.required("config", Rule.MANIFEST_CONFIG).flatMap(DescriptorRules::check);
    Optional<List<Value>> layers =
        manifest
            .required("layers", Rule.MANIFEST_LAYERS)
            .flatMap(it -> it.list(Rule.MANIFEST_LAYERS));
    if (layers.isPresent() && layers.get().isEmpty()) {
      manifest.report(Rule.MANIFEST_LAYERS_EMPTY, "not every reader accepts one without layers");
    }
    Parts parts =
        new Parts(config, layers.map(all -> all.stream().map(DescriptorRules::check).toList()));
    checkArtifact(manifest, parts);
    return parts;
  }

  private static void checkArtifact(Value manifest, Parts parts) {
    boolean isArtifact = manifest.member("artifactType").isPresent();
    if (isArtifact && parts.isImage()) {
      manifest.report(
          Rule.MANIFEST_ARTIFACT_CONFIG, "has an artifact type, but the config of an image");
    }
    parts
        .config()
        .filter(config -> !isArtifact && config.mediaType().equals(MediaType.OCI_EMPTY))
        .ifPresent(_ ->
            manifest.report(
                Rule.MANIFEST_ARTIFACT_TYPE_MISSING,
                "has neither a config nor an artifactType to say what it is"));
  }
}
