package dev.athanor.oci.model;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a registry serves under `/manifests/`: one image, or an index of several.
///
/// Its bytes are its identity. A document that was read gives back the very bytes it was read from.
public sealed interface ImageDocument permits Manifest, Index {
  /// Reads the document that `descriptor` names, after checking that `bytes` are its content.
  ///
  /// @throws DocumentException when size, digest, media type or content are wrong
  static ImageDocument read(Descriptor descriptor, byte[] bytes) {
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

  /// Reads a document of the given media type; its digest is whatever it is.
  static ImageDocument parse(String mediaType, byte[] bytes) {
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

  String mediaType();

  /// The exact bytes.
  byte[] bytes();

  Digest digest();

  /// What the document is made of: blobs of an image, documents of an index.
  List<Descriptor> children();

  SequencedMap<String, String> annotations();

  /// The document that this one is about (OCI 1.1 referrers).
  Optional<Descriptor> subject();

  Optional<String> artifactType();

  /// Media type, digest and size of this document.
  default Descriptor descriptor() {
    return Descriptor.of(mediaType(), digest());
  }

  /// Checks what manifest and index have in common.
  ///
  /// @param foreign members that only the other kind may have (CVE-2021-41190)
  static void check(
      JsonObject json, String name, String mediaType, List<String> known, List<String> foreign) {
    Fields fields = Fields.root(json, name);
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
}
