package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.LayerInfo;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Repack;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Writes the layer that makes one root filesystem out of another.
///
/// Inputs: the root filesystems before and after. Outputs: the layer's blob, empty when there is no
/// difference, and its info file. Parameters: `compression`, `created-by`, `layer-format`, and
/// `exclude`, patterns of paths that take no part, with a NUL between them.
public final class RepackLayer extends OciAction {
  private final int threads;

  RepackLayer(int threads) {
    super("oci.repack", 2, Resource.CPU);
    this.threads = threads;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(
      List<String> exclude, Compression compression, String createdBy) {
    SortedMap<String, String> params = Layers.params(compression, createdBy);
    params.put("exclude", String.join("\0", exclude));
    return params;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    List<Artifact> inputs = context.action().inputs();
    RootFs before = RootFs.parse(context.read(inputs.get(0)));
    RootFs after = RootFs.parse(context.read(inputs.get(1)));
    Compression compression = Compression.valueOf(context.param("compression"));
    Optional<Layer> layer;
    try {
      Masks masks = Masks.RUN.and(Masks.matching(Layers.words(context, "exclude")));
      layer = new Repack(context.blobs(), threads).repack(before, after, masks, compression);
    } catch (LayerException e) {
      throw new ActionException(String.valueOf(e.getMessage()), "", e);
    }
    String createdBy = context.param("created-by");
    if (layer.isPresent()) {
      Layers.output(context, layer.get(), createdBy);
    } else {
      Digest nothing = context.blobs().put(new byte[0]);
      context.output(context.action().outputs().get(0), new Content.File(nothing, false));
      context.write(context.action().outputs().get(1), LayerInfo.empty(createdBy).encode());
    }
  }
}
