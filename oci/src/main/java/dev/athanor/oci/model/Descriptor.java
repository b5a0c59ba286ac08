package dev.athanor.oci.model;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Names content: its media type, digest and size, and what else a document says about it.
///
/// A descriptor that was read keeps members that Athanor does not know, and its own order of
/// members.
public final class Descriptor {
  /// The members that the specification knows, in the order in which Go programs write them.
  public static final List<String> MEMBERS =
      List.of(
          "mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType");

  private final JsonObject json;
  private final String mediaType;
  private final OciDigest digest;
  private final long size;
  private final SequencedMap<String, String> annotations;
  private final Optional<Platform> platform;

  private Descriptor(Fields fields) {
    fields.refuseLookalikes(MEMBERS);
    json = fields.json();
    mediaType = fields.string("mediaType");
    digest = fields.digest("digest");
    size = fields.number("size");
    annotations = fields.stringMap("annotations");
    platform = fields.optionalObject("platform").map(Platform::read);
    if (!MediaType.isWellFormed(mediaType)) {
      throw fields.problem("mediaType", "not a media type: " + Text.abbreviated(mediaType));
    }
    if (size < 0) {
      throw fields.problem("size", "negative: " + size);
    }
    checkData(fields);
  }

  /// A descriptor of `blob` that says nothing else.
  public static Descriptor of(String mediaType, Digest blob) {
    JsonObject json = new JsonObject();
    json.addProperty("mediaType", mediaType);
    json.addProperty("digest", OciDigest.of(blob).toString());
    json.addProperty("size", blob.size());
    return of(json);
  }

  static Descriptor read(Fields fields) {
    return new Descriptor(fields);
  }

  /// Reads a descriptor that stands alone.
  public static Descriptor parse(byte[] bytes, String document) {
    return read(Fields.root(StrictJson.readObject(bytes, document), document));
  }

  private static Descriptor of(JsonObject json) {
    return read(Fields.root(json, "descriptor"));
  }

  public String mediaType() {
    return mediaType;
  }

  public OciDigest digest() {
    return digest;
  }

  public long size() {
    return size;
  }

  /// The content's name in a blob store.
  ///
  /// @throws UserException when the digest is not SHA-256
  public Digest blob() {
    return new Digest(digest.sha256(), size);
  }

  public SequencedMap<String, String> annotations() {
    return annotations;
  }

  public Optional<Platform> platform() {
    return platform;
  }

  public Optional<String> artifactType() {
    return Fields.root(json, "descriptor").optionalString("artifactType");
  }

  /// Where else the content may be had; only non-distributable layers use it.
  public List<String> urls() {
    return Fields.root(json, "descriptor").strings("urls");
  }

  public Descriptor withPlatform(Platform platform) {
    return of(Members.with(json, MEMBERS, "platform", platform.json()));
  }

  public Descriptor withMediaType(String mediaType) {
    return of(Members.with(json, MEMBERS, "mediaType", Members.string(mediaType)));
  }

  public Descriptor withArtifactType(String artifactType) {
    return of(Members.withText(json, MEMBERS, "artifactType", artifactType));
  }

  /// The same with these annotations and no others.
  public Descriptor withAnnotations(Map<String, String> annotations) {
    return of(
        annotations.isEmpty()
            ? Members.without(json, "annotations")
            : Members.with(json, MEMBERS, "annotations", Members.stringMap(annotations)));
  }

  /// Media type, digest and size alone: what makes two descriptors name the same thing.
  public Descriptor plain() {
    JsonObject plain = new JsonObject();
    for (String name : List.of("mediaType", "digest", "size")) {
      plain.add(name, json.get(name));
    }
    return of(plain);
  }

  JsonObject json() {
    return json;
  }

  /// The descriptor as JSON text, for receipts and action results.
  public byte[] bytes() {
    return CanonicalJson.write(json);
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof Descriptor other && json.equals(other.json);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return CanonicalJson.text(json);
  }

  private void checkData(Fields fields) {
    Optional<String> data = fields.optionalString("data");
    if (data.isEmpty()) {
      return;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(data.get());
    } catch (IllegalArgumentException e) {
      throw fields.problem("data", "not base64");
    }
    boolean same = bytes.length == size;
    if (digest.isSha256()) {
      same &= Digester.digest(bytes).hash().equals(digest.sha256());
    }
    if (!same) {
      throw fields.problem("data", "is not the content that digest and size describe");
    }
  }
}
