package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.layout.Layout;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Arranges an image or index as an OCI layout: a directory of names for blobs that the store has
/// already. Nothing is copied.
///
/// Inputs: the image's file and its layers. Output: the directory. Parameter: `ref`, the name by
/// which tools find the image in it.
public final class WriteLayout extends OciAction {
  WriteLayout() {
    super("oci.layout", 1, Resource.DISK);
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(String ref) {
    return new TreeMap<>(Map.of("ref", ref));
  }

  @Override
  public void run(ActionContext context) throws IOException {
    BlobStore blobs = context.blobs();
    Image image = Images.read(context.file(context.action().inputs().getFirst()), blobs);
    Descriptor root =
        switch (Images.document(image, blobs)) {
          case Manifest manifest ->
              image.manifest().withPlatform(Images.config(manifest, blobs).platform());
          case Index _ -> image.manifest();
        };
    Descriptor entry = root.withAnnotations(Map.of(Layout.REF_NAME, context.param("ref")));
    Map<RelativePath, Content> files = new TreeMap<>();
    files.put(RelativePath.of(Layout.VERSION_FILE), file(blobs.put(Layout.versionFile())));
    files.put(
        RelativePath.of(Layout.INDEX_FILE), file(blobs.put(Index.of(List.of(entry)).bytes())));
    for (Descriptor blob : Images.contents(image, blobs)) {
      files.put(RelativePath.of("blobs/sha256/" + blob.blob().hex()), file(blob.blob()));
    }
    InputRoot tree = InputRoot.of(files);
    tree.store(blobs);
    context.output(context.action().outputs().getFirst(), new Content.Tree(tree.digest()));
  }

  private static Content file(Digest digest) {
    return new Content.File(digest, false);
  }
}
