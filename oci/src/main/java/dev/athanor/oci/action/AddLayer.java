package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.image.LayerSpec;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.PieceMemory;
import dev.athanor.oci.layer.ReadLayer;
import dev.athanor.oci.rootfs.ReadLayers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/// Packs files into a layer, as a [LayerSpec] says: unless it says otherwise owned by root, from
/// the epoch, with mode 0755 when they may be executed and 0644 otherwise.
///
/// Inputs: the files. Outputs: the layer's blob, and the file that [LayerInfo] describes.
/// Parameters: `compression`, `created-by`, `layer-format`, `spec`, and `unpacked`: whether the
/// layer is unpacked next, so that it pays to remember what is in it. That changes nothing of the
/// layer.
public final class AddLayer extends OciAction {
  private final int threads;
  private final Path pieces;
  private final ReadLayers layers;

  /// @param threads how many compress one layer
  /// @param pieces a directory for what is remembered from one layer of a target to the next
  /// @param layers gets those that are unpacked next
  AddLayer(int threads, Path pieces, ReadLayers layers) {
    super("oci.add-layer", 2, Resource.CPU);
    this.threads = threads;
    this.pieces = pieces;
    this.layers = layers;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(
      LayerSpec spec, Compression compression, String createdBy, boolean unpacked) {
    SortedMap<String, String> params = Layers.params(compression, createdBy);
    params.put("spec", spec.encode());
    params.put("unpacked", String.valueOf(unpacked));
    return params;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    LayerEntries entries;
    try {
      entries = entries(context);
    } catch (IllegalArgumentException e) {
      throw new ActionException(String.valueOf(e.getMessage()), "", e);
    }
    Compression compression = Compression.valueOf(context.param("compression"));
    String createdBy = context.param("created-by");
    try (Contents contents = new Contents(context.blobs(), entries.packs())) {
      LayerWriter writer =
          new LayerWriter(context.blobs(), contents, threads).with(memory(context));
      if (Boolean.parseBoolean(context.param("unpacked"))) {
        ReadLayer layer = writer.writeAndRead(entries.all(), compression);
        layers.put(layer);
        Layers.output(context, layer.digest(), layer.diffId(), compression, createdBy);
      } else {
        Layers.output(context, writer.write(entries.all(), compression), createdBy);
      }
    } catch (LayerException e) {
      throw new ActionException(
          String.valueOf(e.getMessage()), "give one of the files another destination", e);
    }
  }

  private static LayerEntries entries(ActionContext context) throws IOException {
    LayerSpec spec = LayerSpec.parse(context.param("spec"));
    LayerEntries entries = new LayerEntries(context.blobs());
    Map<String, Artifact> inputs = new HashMap<>();
    context.action().inputs().forEach(input -> inputs.put(input.path().text(), input));
    for (Map.Entry<String, String> place : spec.places().entrySet()) {
      Artifact input = Objects.requireNonNull(inputs.get(place.getValue()));
      entries.add(EntryPath.parse(place.getKey()), context.input(input));
    }
    for (String path : spec.archives()) {
      Artifact input = Objects.requireNonNull(inputs.get(path));
      entries.archive(input, context.input(input));
    }
    spec.symlinks().forEach((path, target) -> entries.symlink(EntryPath.parse(path), target));
    spec.directories().forEach(path -> entries.directory(EntryPath.parse(path)));
    entries.edit(spec.edits());
    return entries;
  }

  private PieceMemory memory(ActionContext context) {
    String target = context.action().outputs().getFirst().uniquePath();
    byte[] name = target.getBytes(StandardCharsets.UTF_8);
    return new PieceMemory(pieces.resolve(Digester.digest(name).hex()), context.blobs());
  }
}
