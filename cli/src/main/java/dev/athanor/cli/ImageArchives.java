package dev.athanor.cli;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layout.ArchiveWriter;
import dev.athanor.oci.layout.LayoutWriter;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Images out of the store, as others take them.
final class ImageArchives {
  private ImageArchives() {}

  /// Writes an archive for `docker load`, `podman load` and `skopeo`, and returns the names that
  /// the images have in it.
  static List<String> export(List<OpenImage> images, Path file, BlobStore blobs)
      throws IOException {
    List<ArchiveWriter.Named> named =
        images.stream()
            .map(it ->
                new ArchiveWriter.Named(Optional.of(reference(it.label())), it.image().manifest()))
            .toList();
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream archive = Files.newOutputStream(partial)) {
      ArchiveWriter.write(archive, named, blobs);
    } catch (IOException e) {
      Files.deleteIfExists(partial);
      throw e;
    }
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    return named.stream().map(image -> image.name().orElseThrow().toString()).toList();
  }

  /// Writes an image layout with one tag.
  static void layout(List<OpenImage> images, Path directory, BlobStore blobs) throws IOException {
    List<Descriptor> entries = new ArrayList<>();
    for (OpenImage image : images) {
      entries.add(
          LayoutWriter.tagged(
              image.image().manifest().withPlatform(image.config().platform()), "latest"));
    }
    LayoutWriter.write(directory, entries, blobs);
  }

  /// What a loader is to call the image: `//app:server` becomes `localhost/athanor/app/server`.
  private static Reference reference(String label) {
    String path =
        label
            .replaceFirst("^@?[^/]*//", "")
            .replaceFirst("\\.tar(\\.gz|\\.zst)?$", "")
            .replace(':', '/')
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9/._-]", "-")
            .replaceAll("(^|/)[^a-z0-9]+", "$1")
            .replaceAll("[^a-z0-9]+$", "");
    return Reference.parse("localhost/athanor/" + (path.isEmpty() ? "image" : path) + ":latest");
  }
}
