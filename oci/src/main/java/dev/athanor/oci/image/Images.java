package dev.athanor.oci.image;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads the documents of an image from a store.
public final class Images {
  private Images() {}

  /// The manifest of an image.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when the store has lost it
  public static Manifest manifest(Image image, BlobStore blobs) throws IOException {
    if (document(image, blobs) instanceof Manifest manifest) {
      return manifest;
    }
    throw new IllegalStateException(image.manifest() + " is not the manifest of an image");
  }

  /// The manifest or index of an image.
  public static ImageDocument document(Image image, BlobStore blobs) throws IOException {
    return ImageDocument.read(image.manifest(), blobs);
  }

  /// Everything that an image or index is made of, itself included, once each.
  public static List<Descriptor> contents(Image image, BlobStore blobs) throws IOException {
    return Part.all(document(image, blobs), child -> ImageDocument.read(child, blobs)).stream()
        .map(Part::descriptor)
        .toList();
  }

  public static ImageConfig config(Manifest manifest, BlobStore blobs) throws IOException {
    return ImageConfig.parse(blobs.read(manifest.config().blob()));
  }

  /// The layers of an image, to be unpacked.
  ///
  /// @throws dev.athanor.oci.model.DocumentException when manifest and config do not fit each other
  public static List<LayerRef> layers(Manifest manifest, ImageConfig config) {
    manifest.check(config);
    List<LayerRef> layers = new ArrayList<>();
    for (int i = 0; i < manifest.layers().size(); i++) {
      layers.add(new LayerRef(manifest.layers().get(i).blob(), config.diffIds().get(i).sha256()));
    }
    return layers;
  }

  /// The image that the file of an [ImageInfo] describes.
  public static Image read(Digest file, BlobStore blobs) throws IOException {
    return Image.parse(blobs.read(file));
  }
}
