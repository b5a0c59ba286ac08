package dev.athanor.oci.model;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a registry serves under `/manifests/`: one image, or an index of several.
///
/// Its bytes are its identity. A document that was read gives back the very bytes it was read from.
public abstract sealed class ImageDocument permits Manifest, Index {
  final JsonObject json;

  private final String kind;
  private final String mediaType;
  private final byte[] bytes;
  private final Digest digest;

  /// Checks what manifest and index have in common.
  ///
  /// @param kind what errors call it
  /// @param foreign members that only the other kind may have (CVE-2021-41190)
  ImageDocument(
      String kind,
      JsonObject json,
      String mediaType,
      byte[] bytes,
      List<String> known,
      List<String> foreign) {
    this.kind = kind;
    this.json = json;
    this.mediaType = mediaType;
    this.bytes = bytes;
    digest = Digester.digest(bytes);
    check(known, foreign);
    subject();
  }

  /// Reads the document that `descriptor` names, after checking that `bytes` are its content.
  ///
  /// @throws DocumentException when size, digest, media type or content are wrong
  public static ImageDocument read(Descriptor descriptor, byte[] bytes) {
    Digest actual = Digester.digest(bytes);
    String name = "document " + descriptor.digest();
    if (bytes.length != descriptor.size()) {
      throw new DocumentException(
          name, "size mismatch: expected " + descriptor.size() + " bytes, got " + bytes.length);
    }
    if (!actual.equals(descriptor.blob())) {
      throw new DocumentException(name, "digest mismatch: the bytes are sha256:" + actual.hex());
    }
    return parse(descriptor.mediaType(), bytes);
  }

  /// The same of a document that a store has.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when the store has lost it
  public static ImageDocument read(Descriptor descriptor, BlobStore blobs) throws IOException {
    return read(descriptor, blobs.read(descriptor.blob()));
  }

  /// Reads a document of the given media type; its digest is whatever it is.
  public static ImageDocument parse(String mediaType, byte[] bytes) {
    if (MediaType.isIndex(mediaType)) {
      return Index.parse(mediaType, bytes);
    }
    if (MediaType.isManifest(mediaType)) {
      return Manifest.parse(mediaType, bytes);
    }
    if (MediaType.isSchema1(mediaType)) {
      throw new UserException(
          "the image is in Docker's schema 1, which has no stable digest",
          "pull and push it once with a current tool, which converts it");
    }
    throw new UserException(
        "neither an image manifest nor an image index: media type '"
            + Text.abbreviated(mediaType)
            + "'");
  }

  static JsonObject json(String kind, byte[] bytes) {
    return StrictJson.readObject(bytes, kind + " sha256:" + Digester.digest(bytes).hex());
  }

  private void check(List<String> known, List<String> foreign) {
    Fields fields = fields();
    fields.refuseLookalikes(known);
    fields.refuseLookalikes(foreign);
    if (fields.number("schemaVersion") != 2) {
      throw fields.problem("schemaVersion", "must be 2");
    }
    fields
        .optionalString("mediaType")
        .ifPresent(inside -> {
          if (!inside.equals(mediaType)) {
            throw fields.problem(
                "mediaType",
                "says '" + Text.abbreviated(inside) + "' but was served as " + mediaType);
          }
        });
    for (String member : foreign) {
      if (fields.has(member)) {
        throw fields.problem(member, "has no place in a document of type " + mediaType);
      }
    }
  }

  final Fields fields() {
    return Fields.root(json, kind + " sha256:" + digest.hex());
  }

  public final String mediaType() {
    return mediaType;
  }

  /// The exact bytes.
  public final byte[] bytes() {
    return bytes.clone();
  }

  public final Digest digest() {
    return digest;
  }

  /// What the document is made of: blobs of an image, documents of an index.
  public abstract List<Descriptor> children();

  public final SequencedMap<String, String> annotations() {
    return fields().stringMap("annotations");
  }

  /// The document that this one is about (OCI 1.1 referrers).
  public final Optional<Descriptor> subject() {
    return fields().optionalObject("subject").map(Descriptor::read);
  }

  public final Optional<String> artifactType() {
    return fields().optionalString("artifactType");
  }

  /// Media type, digest and size of this document.
  public final Descriptor descriptor() {
    return Descriptor.of(mediaType, digest);
  }

  @Override
  public final boolean equals(Object that) {
    return that instanceof ImageDocument other
        && mediaType.equals(other.mediaType)
        && digest.equals(other.digest);
  }

  @Override
  public final int hashCode() {
    return digest.hashCode();
  }

  @Override
  public final String toString() {
    return CanonicalJson.text(json);
  }
}
