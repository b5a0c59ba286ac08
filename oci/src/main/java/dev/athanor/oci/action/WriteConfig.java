package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.image.ConfigEdits;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.image.LayerInfo;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.History;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts an image together: the base's manifest and config with layers added on top and the config
/// edited. Reads and writes JSON only; no layer's bytes are needed.
///
/// Inputs: the base's image file, if there is a base, then the layers' info files, lowest first.
/// Output: the image's file. Parameters: `base` (whether there is one), `platform` (of an image
/// without base), `edits`.
public final class WriteConfig extends OciAction {
  /// When everything was created: nobody's clock reaches an image.
  private static final String EPOCH = "1970-01-01T00:00:00Z";

  WriteConfig() {
    super("oci.config", 2, Resource.DISK);
  }

  /// The parameters of an action of this type.
  ///
  /// @param platform of an image without base
  public static SortedMap<String, String> params(Optional<Platform> platform, ConfigEdits edits) {
    SortedMap<String, String> params = new TreeMap<>();
    params.put("base", String.valueOf(platform.isEmpty()));
    platform.ifPresent(scratch -> params.put("platform", scratch.toString()));
    params.put("edits", edits.encode());
    return params;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    boolean hasBase = Boolean.parseBoolean(context.param("base"));
    List<Artifact> inputs = context.action().inputs();
    BlobStore blobs = context.blobs();
    Optional<Image> base =
        hasBase
            ? Optional.of(Images.read(context.file(inputs.getFirst()), blobs))
            : Optional.empty();
    List<LayerInfo> added = new ArrayList<>();
    for (Artifact layer : inputs.subList(hasBase ? 1 : 0, inputs.size())) {
      added.add(LayerInfo.parse(context.read(layer)));
    }
    Manifest manifest;
    ImageConfig config;
    if (base.isPresent()) {
      manifest = Images.manifest(base.get(), blobs);
      config = Images.config(manifest, blobs);
      manifest.check(config);
    } else {
      config = ImageConfig.empty(Platform.parse(context.param("platform")));
      manifest = Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.digest()), List.of());
    }
    ConfigEdits edits = ConfigEdits.parse(context.param("edits"));
    write(context, manifest, edits.apply(withLayers(config, added, edits)), added, base, edits);
  }

  /// With the layers' diff ids and history. An image has a history of all its layers or none, so
  /// there is none either where the base has layers without any.
  private static ImageConfig withLayers(
      ImageConfig config, List<LayerInfo> added, ConfigEdits edits) {
    String created = edits.created().map(ImageConfig::time).orElse(EPOCH);
    boolean cleared = edits.clears(ConfigEdits.Clear.HISTORY);
    boolean unknown = !config.diffIds().isEmpty() && config.history().isEmpty();
    ImageConfig edited = cleared ? config.withoutHistory() : config;
    for (LayerInfo info : added) {
      if (info.layer().isPresent()) {
        edited = edited.withDiffId(OciDigest.of(info.layer().get().diffId()));
      }
      if (!cleared && !unknown) {
        edited =
            edited.withHistory(
                new History(
                    created,
                    info.createdBy(),
                    edits.author().orElse(""),
                    "",
                    info.layer().isEmpty()));
      }
    }
    return edited;
  }

  private static void write(
      ActionContext context,
      Manifest base,
      ImageConfig config,
      List<LayerInfo> added,
      Optional<Image> baseImage,
      ConfigEdits edits)
      throws IOException {
    List<Descriptor> layers = new ArrayList<>(base.layers());
    for (LayerInfo info : added) {
      info.layer().ifPresent(layer -> layers.add(typed(layer.descriptor(), base)));
    }
    Digest configBlob = context.blobs().put(config.bytes());
    Manifest manifest =
        base.withConfig(Descriptor.of(base.config().mediaType(), configBlob)).withLayers(layers);
    boolean cleared = edits.clears(ConfigEdits.Clear.ANNOTATIONS);
    if (cleared || !edits.annotations().isEmpty()) {
      SortedMap<String, String> annotations =
          new TreeMap<>(cleared ? Map.of() : base.annotations());
      annotations.putAll(edits.annotations());
      manifest = manifest.withAnnotations(annotations);
    }
    Digest manifestBlob = context.blobs().put(manifest.bytes());
    SortedMap<String, Repository> origins =
        baseImage.<SortedMap<String, Repository>>map(Image::origins).orElseGet(TreeMap::new);
    Image image = new Image(Descriptor.of(manifest.mediaType(), manifestBlob), origins);
    context.refersTo(List.of(configBlob, manifestBlob));
    context.write(context.action().outputs().getFirst(), image.encode());
  }

  /// On a Docker image added layers have Docker's media type: runtimes refuse a mixture.
  private static Descriptor typed(Descriptor layer, Manifest base) {
    if (!MediaType.isDocker(base.mediaType())) {
      return layer;
    }
    return switch (layer.mediaType()) {
      case MediaType.OCI_LAYER_GZIP -> layer.withMediaType(MediaType.DOCKER_LAYER_GZIP);
      case MediaType.OCI_LAYER_ZSTD -> layer.withMediaType(MediaType.DOCKER_LAYER_ZSTD);
      default -> layer.withMediaType(MediaType.DOCKER_LAYER);
    };
  }
}
