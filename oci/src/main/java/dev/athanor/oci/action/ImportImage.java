package dev.athanor.oci.action;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.layout.ArchiveReader;
import dev.athanor.oci.layout.ImageChoice;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings in an image that others made: an archive, or a directory with an image layout.
///
/// Input: the archive or directory. Outputs: the image's file, and a tree with its layers.
/// Parameters: `tag`, empty when there is one image only; `platform` to choose from an index.
public final class ImportImage extends OciAction {
  ImportImage() {
    super("oci.import", 1, Resource.DISK);
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(Optional<String> tag, Platform platform) {
    return new TreeMap<>(Map.of("tag", tag.orElse(""), "platform", platform.toString()));
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Artifact source = context.action().inputs().getFirst();
    BlobStore blobs = context.blobs();
    Manifest manifest;
    try {
      Optional<String> tag = Optional.of(context.param("tag")).filter(it -> !it.isEmpty());
      Platform platform = Platform.parse(context.param("platform"));
      manifest =
          ImageChoice.choose(entries(context, source), blobs, tag, platform, source.path().text());
      if (!blobs.contains(manifest.config().blob())) {
        throw new MissingBlobException(manifest.config().blob());
      }
    } catch (UserException e) {
      throw new ActionException(String.valueOf(e.getMessage()), e.hint().orElse(""), e);
    } catch (MissingBlobException e) {
      // Nothing that was lost here: nobody but the file could have had it.
      throw new ActionException(
          source.path() + " lacks sha256:" + e.digest().hex(), "export the image whole", e);
    }
    Map<RelativePath, Content> layers = new TreeMap<>();
    for (Descriptor layer : manifest.layers()) {
      if (!blobs.contains(layer.blob())) {
        throw new ActionException(
            source.path() + " lacks the layer " + layer.digest(), "export it with all its layers");
      }
      layers.put(RelativePath.of(layer.blob().hex()), new Content.File(layer.blob(), false));
    }
    InputRoot tree = InputRoot.of(layers);
    tree.store(blobs);
    context.refersTo(List.of(manifest.digest(), manifest.config().blob()));
    context.write(context.action().outputs().get(0), Image.of(manifest.descriptor()).encode());
    context.output(context.action().outputs().get(1), new Content.Tree(tree.digest()));
  }

  private static List<Descriptor> entries(ActionContext context, Artifact source)
      throws IOException {
    return switch (context.input(source)) {
      case Content.File(var digest, _) -> {
        try (InputStream in = context.blobs().open(digest)) {
          yield ArchiveReader.read(in, context.blobs());
        }
      }
      case Content.Tree(var digest) -> layout(digest, context.blobs(), source);
      case Content.Symlink _ ->
          throw new ActionException(source.path() + " is a symlink", "name what it leads to");
    };
  }

  /// The blobs of a layout in the workspace are blobs of the store already, under their names.
  private static List<Descriptor> layout(Digest tree, BlobStore blobs, Artifact source)
      throws IOException {
    if (!(Trees.leaves(tree, blobs).get(RelativePath.of("index.json"))
        instanceof Content.File(var index, _))) {
      throw new ActionException(
          source.path() + " is no image layout",
          "a layout has the files oci-layout and index.json");
    }
    return Index.parse(MediaType.OCI_INDEX, blobs.read(index)).manifests();
  }
}
