package dev.athanor.oci.action;

import com.google.common.base.Splitter;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.LayerInfo;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerFormat;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What actions that write a layer have in common.
final class Layers {
  private Layers() {}

  /// The parameters that all of them have.
  static SortedMap<String, String> params(Compression compression, String createdBy) {
    return new TreeMap<>(
        Map.of(
            "compression", compression.name(),
            "created-by", createdBy,
            "layer-format", String.valueOf(LayerFormat.VERSION)));
  }

  /// Leaves the layer behind: its blob as the action's first output, what there is to know of it as
  /// the second.
  static void output(ActionContext context, Layer layer, String createdBy) throws IOException {
    output(context, layer.digest(), layer.diffId(), layer.compression(), createdBy);
  }

  static void output(
      ActionContext context, Digest blob, Digest diffId, Compression compression, String createdBy)
      throws IOException {
    Descriptor descriptor = Descriptor.of(compression.mediaType(MediaType.OCI_LAYER), blob);
    LayerInfo info = LayerInfo.of(descriptor, diffId.hash(), createdBy);
    context.output(context.action().outputs().get(0), new Content.File(blob, false));
    context.write(context.action().outputs().get(1), info.encode());
  }

  /// The words of a parameter that has several, with a NUL between them: the one character that
  /// occurs in no path.
  static List<String> words(ActionContext context, String param) {
    return Splitter.on('\0').omitEmptyStrings().splitToList(context.param(param));
  }
}
