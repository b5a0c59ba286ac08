package dev.athanor.oci.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A list of documents: one image for several platforms, or the root of an image layout. OCI's
/// index and Docker's manifest list are the same but for their names.
public final class Index implements ImageDocument {
  private static final List<String> ORDER =
      List.of("schemaVersion", "mediaType", "artifactType", "manifests", "subject", "annotations");
  private static final List<String> FOREIGN = List.of("config", "layers");

  private final JsonObject json;
  private final String mediaType;
  private final byte[] bytes;
  private final Digest digest;
  private final List<Descriptor> manifests;

  private Index(JsonObject json, String mediaType, byte[] bytes) {
    this.json = json;
    this.mediaType = mediaType;
    this.bytes = bytes;
    digest = Digester.digest(bytes);
    ImageDocument.check(json, name(), mediaType, ORDER, FOREIGN);
    manifests = fields().array("manifests").stream().map(Descriptor::read).toList();
    fields().optionalObject("subject").ifPresent(Descriptor::read);
  }

  /// A new OCI index.
  public static Index of(List<Descriptor> manifests) {
    JsonObject json = new JsonObject();
    json.addProperty("schemaVersion", 2);
    json.addProperty("mediaType", MediaType.OCI_INDEX);
    json.add("manifests", Members.descriptors(manifests));
    return written(json, MediaType.OCI_INDEX);
  }

  /// Reads an index of the given media type.
  ///
  /// @throws DocumentException when it breaks a rule of the specification
  public static Index parse(String mediaType, byte[] bytes) {
    String name = "index sha256:" + Digester.digest(bytes).hex();
    return new Index(StrictJson.readObject(bytes, name), mediaType, bytes.clone());
  }

  private static Index written(JsonObject json, String mediaType) {
    return new Index(json, mediaType, CanonicalJson.write(json));
  }

  @Override
  public String mediaType() {
    return mediaType;
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public Digest digest() {
    return digest;
  }

  public List<Descriptor> manifests() {
    return manifests;
  }

  @Override
  public List<Descriptor> children() {
    return manifests;
  }

  @Override
  public SequencedMap<String, String> annotations() {
    return fields().stringMap("annotations");
  }

  @Override
  public Optional<Descriptor> subject() {
    return fields().optionalObject("subject").map(Descriptor::read);
  }

  @Override
  public Optional<String> artifactType() {
    return fields().optionalString("artifactType");
  }

  public Index withManifests(List<Descriptor> manifests) {
    return edited("manifests", Members.descriptors(manifests));
  }

  /// The same with these annotations and no others.
  public Index withAnnotations(Map<String, String> annotations) {
    return annotations.isEmpty()
        ? written(Members.without(json, "annotations"), mediaType)
        : edited("annotations", Members.stringMap(annotations));
  }

  public Index withArtifactType(String artifactType) {
    return edited("artifactType", Members.string(artifactType));
  }

  public Index withSubject(Descriptor subject) {
    return edited("subject", subject.json());
  }

  /// The same without the member `mediaType`, as OCI 1.0 tools write it; the type itself stays.
  public Index withoutMediaType() {
    return written(Members.without(json, "mediaType"), mediaType);
  }

  private Index edited(String name, JsonElement value) {
    return written(Members.with(json, ORDER, name, value), mediaType);
  }

  private String name() {
    return "index sha256:" + digest.hex();
  }

  private Fields fields() {
    return Fields.root(json, name());
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof Index other
        && mediaType.equals(other.mediaType)
        && digest.equals(other.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return CanonicalJson.text(json);
  }
}
