package dev.athanor.oci.layout;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes image layouts out of a blob store: the same images give the same tree, byte for byte,
/// with exactly the blobs that can be reached.
///
/// Blobs are hard links to the store's own files where that is possible, and copies where not. The
/// directory appears, or replaces its predecessor, only when it is complete.
public final class LayoutWriter {
  private final BlobStore store;
  private final Set<Digest> placed = new HashSet<>();

  private LayoutWriter(BlobStore store) {
    this.store = store;
  }

  /// Writes a layout with everything in it.
  ///
  /// @param entries of `index.json`; see [#tagged]
  /// @throws dev.athanor.engine.cas.MissingBlobException when `store` lacks a blob
  public static void write(Path directory, List<Descriptor> entries, BlobStore store)
      throws IOException {
    new LayoutWriter(store).replace(directory, Index.of(entries));
  }

  /// An entry that gives `root` a tag.
  public static Descriptor tagged(Descriptor root, String tag) {
    Map<String, String> annotations = new LinkedHashMap<>(root.annotations());
    annotations.put(Layout.REF_NAME, tag);
    return root.withAnnotations(annotations);
  }

  private void replace(Path directory, Index index) throws IOException {
    Path parent = Optional.ofNullable(directory.toAbsolutePath().getParent()).orElseThrow();
    Files.createDirectories(parent);
    Path fresh = Files.createTempDirectory(parent, "." + directory.getFileName() + ".");
    try {
      Trees.share(fresh);
      fill(fresh, index);
      Trees.swap(fresh, directory);
    } finally {
      DeleteTree.delete(fresh);
    }
  }

  private void fill(Path directory, Index index) throws IOException {
    Path blobs = directory.resolve("blobs").resolve("sha256");
    Files.createDirectories(blobs);
    for (Descriptor entry : index.manifests()) {
      placeDocument(blobs, entry);
    }
    Files.write(directory.resolve(Layout.VERSION_FILE), Layout.versionFile());
    Files.write(directory.resolve(Layout.INDEX_FILE), index.bytes());
  }

  private void placeDocument(Path blobs, Descriptor descriptor) throws IOException {
    place(blobs, descriptor);
    if (!MediaType.DOCUMENTS.contains(descriptor.mediaType())
        || !store.contains(descriptor.blob())) {
      return;
    }
    for (Descriptor child : ImageDocument.read(descriptor, store).children()) {
      placeDocument(blobs, child);
    }
  }

  private void place(Path blobs, Descriptor descriptor) throws IOException {
    Digest blob = descriptor.blob();
    boolean elsewhere = !descriptor.urls().isEmpty() && !store.contains(blob);
    if (!placed.add(blob) || elsewhere) {
      return;
    }
    Path target = blobs.resolve(blob.hex());
    Optional<Path> file = store.file(blob, false);
    if (file.isEmpty() || !linked(target, file.get())) {
      copy(blob, target);
    }
  }

  /// Links fail across file systems and where a file has too many of them already.
  private static boolean linked(Path target, Path file) throws IOException {
    try {
      Files.createLink(target, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void copy(Digest blob, Path target) throws IOException {
    try (InputStream in = store.open(blob);
        OutputStream out = Files.newOutputStream(target)) {
      in.transferTo(out);
    }
  }
}
