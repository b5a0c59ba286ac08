package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layout.ArchiveWriter;
import dev.athanor.oci.layout.LayoutWriter;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    NewFile.write(file, archive -> ArchiveWriter.write(archive, named, blobs));
    return named.stream().map(image -> image.name().orElseThrow().toString()).toList();
  }

  /// Writes an image layout, in the place of another one if need be, but of nothing else.
  static void layout(OpenImage image, String tag, Path directory, BlobStore blobs)
      throws IOException {
    if (Files.exists(directory) && !Files.isRegularFile(directory.resolve("oci-layout"))) {
      throw new UserException(
          directory + " is there, and is no image layout", "name a directory that does not exist");
    }
    Descriptor entry = image.image().manifest().withPlatform(image.config().platform());
    LayoutWriter.write(directory, List.of(LayoutWriter.tagged(entry, tag)), blobs);
  }

  /// What a loader is to call the image: `//app:server` becomes `localhost/athanor/app/server`.
  private static Reference reference(String label) {
    String path =
        label
            .replaceFirst("^@?[^/]*//", "")
            .replaceFirst("\\.tar(\\.gz|\\.zst)?$", "")
            .replace(':', '/');
    return ImageName.local("athanor/" + (path.isEmpty() ? "image" : path));
  }
}
