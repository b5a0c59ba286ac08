package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerFormat;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.PieceMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Packs files into a layer: each input at the path that a parameter gives it, owned by root, from
/// the epoch, with mode 0755 when it may be executed and 0644 otherwise.
///
/// Inputs: the files. Outputs: the layer's blob, and the file that [LayerInfo] describes.
/// Parameters: `compression`, `created-by`, `layer-format`, and `at:PATH` with the destination of
/// the input at PATH.
public final class AddLayer implements ActionType {
  private static final String AT = "at:";

  private final int threads;
  private final Path pieces;

  /// @param threads how many compress one layer
  /// @param pieces a directory for what is remembered from one layer of a target to the next
  public AddLayer(int threads, Path pieces) {
    this.threads = threads;
    this.pieces = pieces;
  }

  /// The parameters of an action of this type.
  ///
  /// @param destinations absolute path in the image, by input
  public static SortedMap<String, String> params(
      Map<Artifact, String> destinations, Compression compression, String createdBy) {
    SortedMap<String, String> params = new TreeMap<>();
    params.put("compression", compression.name());
    params.put("created-by", createdBy);
    params.put("layer-format", String.valueOf(LayerFormat.VERSION));
    destinations.forEach((artifact, path) -> params.put(AT + artifact.path(), path));
    return params;
  }

  @Override
  public String id() {
    return "oci.add-layer";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Resource resource() {
    return Resource.CPU;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Artifact input : context.action().inputs()) {
      EntryPath at = EntryPath.parse(context.param(AT + input.path()));
      add(at, context.input(input), context, entries);
    }
    Compression compression = Compression.valueOf(context.param("compression"));
    Layer layer;
    try {
      layer =
          new LayerWriter(context.blobs(), context.blobs()::open, threads)
              .with(memory(context))
              .write(entries, compression);
    } catch (LayerException e) {
      throw new ActionException(
          String.valueOf(e.getMessage()), "give one of the files another destination", e);
    }
    Layers.output(context, layer, context.param("created-by"));
  }

  private PieceMemory memory(ActionContext context) {
    String target = context.action().outputs().getFirst().path().text();
    byte[] name = target.getBytes(StandardCharsets.UTF_8);
    return new PieceMemory(pieces.resolve(Digester.digest(name).hex()), context.blobs());
  }

  private static void add(EntryPath at, Content content, ActionContext context, List<Entry> entries)
      throws IOException {
    switch (content) {
      case Content.File(var digest, var executable) ->
          entries.add(
              new Entry.File(
                  at,
                  Attributes.of(executable ? 0755 : 0644),
                  dev.athanor.oci.layer.Content.of(digest)));
      case Content.Symlink(var target) ->
          entries.add(new Entry.Symlink(at, Attributes.of(0777), Bytes.utf8(target)));
      case Content.Tree(var digest) -> {
        entries.add(new Entry.Directory(at, Attributes.DIRECTORY));
        for (Map.Entry<RelativePath, Content> leaf :
            Trees.leaves(digest, context.blobs()).entrySet()) {
          addLeaf(at, leaf, context, entries);
        }
      }
    }
  }

  private static void addLeaf(
      EntryPath at,
      Map.Entry<RelativePath, Content> leaf,
      ActionContext context,
      List<Entry> entries)
      throws IOException {
    EntryPath path = at.resolve(EntryPath.parse(leaf.getKey().text()));
    if (leaf.getValue() instanceof Content.Tree) {
      entries.add(new Entry.Directory(path, Attributes.DIRECTORY));
    } else {
      add(path, leaf.getValue(), context, entries);
    }
  }
}
