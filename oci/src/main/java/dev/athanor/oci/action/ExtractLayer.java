package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.rootfs.Selection;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/// Takes paths out of a root filesystem as a layer, running nothing.
///
/// Input: the root filesystem. Outputs: the layer's blob and its info file. Parameters: `paths` and
/// `exclude`, patterns with a NUL between them; `compression`, `created-by`, `layer-format`.
public final class ExtractLayer extends OciAction {
  private final int threads;

  ExtractLayer(int threads) {
    super("oci.extract", 1, Resource.CPU);
    this.threads = threads;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(
      List<String> paths, List<String> exclude, Compression compression, String createdBy) {
    SortedMap<String, String> params = Layers.params(compression, createdBy);
    params.put("paths", String.join("\0", paths));
    params.put("exclude", String.join("\0", exclude));
    return params;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    RootFs root = RootFs.parse(context.read(context.action().inputs().getFirst()));
    Layer layer;
    try (Contents contents = new Contents(context.blobs(), root.packs())) {
      List<Entry> entries =
          Selection.of(
              root,
              context.blobs(),
              Layers.words(context, "paths"),
              Masks.matching(Layers.words(context, "exclude")));
      layer =
          new LayerWriter(context.blobs(), contents, threads)
              .write(entries, Compression.valueOf(context.param("compression")));
    } catch (LayerException e) {
      throw new ActionException(
          String.valueOf(e.getMessage()), "'athanor image ls' shows what an image holds", e);
    }
    Layers.output(context, layer, context.param("created-by"));
  }
}
