package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layout.ArchiveReader;
import dev.athanor.oci.layout.ImageChoice;
import dev.athanor.oci.layout.Layout;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.rootfs.Unpack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An image that no target makes: in an archive, or in a directory with an image layout.
///
/// @param word what the user called it
/// @param tag which image of several
record ForeignImage(String word, Path path, Optional<String> tag) {
  /// What a word means that is no target: `PATH`, or `PATH:TAG`.
  static Optional<ForeignImage> at(String word, Path here) {
    if (word.startsWith("//") || word.startsWith("@") || word.startsWith(":")) {
      return Optional.empty();
    }
    Path path = here.resolve(word);
    if (isImage(path)) {
      return Optional.of(new ForeignImage(word, path, Optional.empty()));
    }
    int colon = word.indexOf(':');
    if (colon > 0 && isImage(here.resolve(word.substring(0, colon)))) {
      return Optional.of(
          new ForeignImage(
              word,
              here.resolve(word.substring(0, colon)),
              Optional.of(word.substring(colon + 1))));
    }
    return Optional.empty();
  }

  private static boolean isImage(Path path) {
    return Files.isRegularFile(path) || Files.isRegularFile(path.resolve("oci-layout"));
  }

  /// Reads as much of it into `store` as is needed.
  ///
  /// @throws dev.athanor.engine.UserException when it is no image, or there are several
  OpenImage open(BlobStore store, OpenImage.Need need, Platform platform, int threads)
      throws IOException {
    return Files.isDirectory(path)
        ? fromLayout(Layout.open(path), store, need, platform, threads)
        : fromArchive(store, need, platform, threads);
  }

  private OpenImage fromLayout(
      Layout layout, BlobStore store, OpenImage.Need need, Platform platform, int threads)
      throws IOException {
    Manifest manifest =
        ImageChoice.choose(layout.index().manifests(), layout.blobs(), tag, platform, word);
    var _ = store.put(manifest.bytes());
    List<Descriptor> needed = new ArrayList<>(List.of(manifest.config()));
    for (Descriptor layer : manifest.layers()) {
      boolean readOnce = need == OpenImage.Need.ROOTFS && layout.isCompressed(layer);
      if (need != OpenImage.Need.NOTHING && !readOnce) {
        needed.add(layer);
      }
    }
    layout.bring(needed, store);
    return open(manifest, layout.over(store), need, threads);
  }

  private OpenImage fromArchive(
      BlobStore store, OpenImage.Need need, Platform platform, int threads) throws IOException {
    List<Descriptor> entries;
    try (InputStream in = Files.newInputStream(path)) {
      entries = ArchiveReader.read(in, store);
    }
    try {
      return open(ImageChoice.choose(entries, store, tag, platform, word), store, need, threads);
    } catch (MissingBlobException e) {
      throw new UserException(
          word + " lacks sha256:" + e.digest().hex(), "export the image whole", e);
    }
  }

  private OpenImage open(Manifest manifest, BlobStore store, OpenImage.Need need, int threads)
      throws IOException {
    ImageConfig config = Images.config(manifest, store);
    manifest.check(config);
    return new OpenImage(
        word,
        Image.of(manifest.descriptor()),
        manifest,
        config,
        need == OpenImage.Need.ROOTFS
            ? Optional.of(
                new Unpack(store, Limits.DEFAULT, threads).unpack(Images.layers(manifest, config)))
            : Optional.empty(),
        List.of(path));
  }
}
