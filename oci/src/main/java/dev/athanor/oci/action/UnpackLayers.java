package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.image.LayerInfo;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.rootfs.ReadLayers;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.rootfs.Unpack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Folds layers into a root filesystem, as a value: no directory is written.
///
/// Inputs, by the parameter `from`: for `image`, an image's file and the artifacts with its layers;
/// for `layers`, a root filesystem to start from if `base` says so, then the info files and the
/// blobs of the layers. Output: the root filesystem's file.
public final class UnpackLayers extends OciAction {
  private final int threads;
  private final ReadLayers memory;

  UnpackLayers(int threads, ReadLayers memory) {
    super("oci.unpack", 2, Resource.CPU);
    this.threads = threads;
    this.memory = memory;
  }

  /// The parameters for unpacking a whole image.
  public static SortedMap<String, String> image() {
    return new TreeMap<>(Map.of("from", "image"));
  }

  /// The parameters for unpacking single layers.
  ///
  /// @param count how many layers there are
  public static SortedMap<String, String> layers(boolean base, int count) {
    return new TreeMap<>(
        Map.of("from", "layers", "base", String.valueOf(base), "count", String.valueOf(count)));
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Unpack unpack = new Unpack(context.blobs(), Limits.DEFAULT, threads).remembering(memory);
    try {
      RootFs root =
          context.param("from").equals("image") ? image(context, unpack) : layers(context, unpack);
      RootFilesystems.output(context, root);
    } catch (LayerException e) {
      throw new ActionException(String.valueOf(e.getMessage()), "", e);
    }
  }

  private static RootFs image(ActionContext context, Unpack unpack) throws IOException {
    BlobStore blobs = context.blobs();
    Image image = Images.read(context.file(context.action().inputs().getFirst()), blobs);
    Manifest manifest = Images.manifest(image, blobs);
    return unpack.unpack(Images.layers(manifest, Images.config(manifest, blobs)));
  }

  private static RootFs layers(ActionContext context, Unpack unpack) throws IOException {
    boolean hasBase = Boolean.parseBoolean(context.param("base"));
    List<Artifact> inputs = context.action().inputs();
    int first = hasBase ? 1 : 0;
    List<LayerRef> layers = new ArrayList<>();
    for (Artifact info : inputs.subList(first, first + Integer.parseInt(context.param("count")))) {
      LayerInfo.parse(context.read(info))
          .layer()
          .ifPresent(layer -> layers.add(new LayerRef(layer.descriptor().blob(), layer.diffId())));
    }
    return hasBase
        ? unpack.unpack(RootFs.parse(context.read(inputs.getFirst())), layers)
        : unpack.unpack(layers);
  }
}
