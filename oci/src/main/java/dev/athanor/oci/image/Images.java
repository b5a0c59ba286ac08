package dev.athanor.oci.image;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Manifest;
import java.io.IOException;

/// Reads the documents of an image from a store.
public final class Images {
  private Images() {}

  /// The manifest of an image.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when the store has lost it
  public static Manifest manifest(Image image, BlobStore blobs) throws IOException {
    ImageDocument document =
        ImageDocument.read(image.manifest(), blobs.read(image.manifest().blob()));
    if (document instanceof Manifest manifest) {
      return manifest;
    }
    throw new IllegalStateException(image.manifest() + " is not the manifest of an image");
  }

  public static ImageConfig config(Manifest manifest, BlobStore blobs) throws IOException {
    return ImageConfig.parse(blobs.read(manifest.config().blob()));
  }

  /// The image that the file of an [ImageInfo] describes.
  public static Image read(Digest file, BlobStore blobs) throws IOException {
    return Image.parse(blobs.read(file));
  }
}
