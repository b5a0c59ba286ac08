package dev.athanor.oci.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/// A list of documents: one image for several platforms, or the root of an image layout. OCI's
/// index and Docker's manifest list are the same but for their names.
public final class Index extends ImageDocument {
  private static final String KIND = "index";

  /// The members that the specification knows, in the order in which Go programs write them.
  public static final List<String> MEMBERS =
      List.of("schemaVersion", "mediaType", "artifactType", "manifests", "subject", "annotations");

  private static final List<String> FOREIGN = List.of("config", "layers");

  private final List<Descriptor> manifests;

  private Index(JsonObject json, String mediaType, byte[] bytes) {
    super(KIND, json, mediaType, bytes, MEMBERS, FOREIGN);
    manifests = fields().array("manifests").stream().map(Descriptor::read).toList();
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
    return new Index(json(KIND, bytes), mediaType, bytes.clone());
  }

  private static Index written(JsonObject json, String mediaType) {
    return new Index(json, mediaType, CanonicalJson.write(json));
  }

  public List<Descriptor> manifests() {
    return manifests;
  }

  @Override
  public List<Descriptor> children() {
    return manifests;
  }

  public Index withManifests(List<Descriptor> manifests) {
    return edited("manifests", Members.descriptors(manifests));
  }

  /// The same with these annotations and no others.
  public Index withAnnotations(Map<String, String> annotations) {
    return annotations.isEmpty()
        ? written(Members.without(json, "annotations"), mediaType())
        : edited("annotations", Members.stringMap(annotations));
  }

  private Index edited(String name, JsonElement value) {
    return written(Members.with(json, MEMBERS, name, value), mediaType());
  }
}
