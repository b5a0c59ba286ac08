package dev.athanor.oci.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One image: a config and layers, base first, all by descriptor.
public final class Manifest implements ImageDocument {
  private static final List<String> ORDER =
      List.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "subject",
          "annotations");
  private static final List<String> FOREIGN = List.of("manifests");

  private final JsonObject json;
  private final String mediaType;
  private final byte[] bytes;
  private final Digest digest;
  private final Descriptor config;
  private final List<Descriptor> layers;

  private Manifest(JsonObject json, String mediaType, byte[] bytes) {
    this.json = json;
    this.mediaType = mediaType;
    this.bytes = bytes;
    digest = Digester.digest(bytes);
    ImageDocument.check(json, name(), mediaType, ORDER, FOREIGN);
    config = Descriptor.read(fields().object("config"));
    layers = fields().array("layers").stream().map(Descriptor::read).toList();
    fields().optionalObject("subject").ifPresent(Descriptor::read);
    if (config.mediaType().equals(MediaType.OCI_EMPTY) && artifactType().isEmpty()) {
      throw fields().problem("artifactType", "is required when the config is empty");
    }
  }

  /// A new OCI manifest.
  public static Manifest of(Descriptor config, List<Descriptor> layers) {
    JsonObject json = new JsonObject();
    json.addProperty("schemaVersion", 2);
    json.addProperty("mediaType", MediaType.OCI_MANIFEST);
    if (config.mediaType().equals(MediaType.OCI_EMPTY)) {
      json.addProperty("artifactType", MediaType.OCI_EMPTY);
    }
    json.add("config", config.json());
    json.add("layers", Members.descriptors(layers));
    return written(json, MediaType.OCI_MANIFEST);
  }

  /// Reads a manifest of the given media type.
  ///
  /// @throws DocumentException when it breaks a rule of the specification
  public static Manifest parse(String mediaType, byte[] bytes) {
    String name = "manifest sha256:" + Digester.digest(bytes).hex();
    return new Manifest(StrictJson.readObject(bytes, name), mediaType, bytes.clone());
  }

  private static Manifest written(JsonObject json, String mediaType) {
    return new Manifest(json, mediaType, CanonicalJson.write(json));
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

  public Descriptor config() {
    return config;
  }

  public List<Descriptor> layers() {
    return layers;
  }

  /// The config, then the layers.
  @Override
  public List<Descriptor> children() {
    List<Descriptor> children = new ArrayList<>(layers.size() + 1);
    children.add(config);
    children.addAll(layers);
    return List.copyOf(children);
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

  /// Whether the config is one that [ImageConfig] reads; other manifests carry artifacts.
  public boolean isImage() {
    return MediaType.isImageConfig(config.mediaType());
  }

  /// Checks what only manifest and config together can show: one diff id per layer.
  public void check(ImageConfig image) {
    if (image.diffIds().size() != layers.size()) {
      throw fields()
          .problem(
              "layers",
              layers.size()
                  + " layers, but the config has "
                  + image.diffIds().size()
                  + " diff ids");
    }
  }

  public Manifest withConfig(Descriptor config) {
    return edited("config", config.json());
  }

  public Manifest withLayers(List<Descriptor> layers) {
    return edited("layers", Members.descriptors(layers));
  }

  /// The same with these annotations and no others.
  public Manifest withAnnotations(Map<String, String> annotations) {
    return annotations.isEmpty()
        ? written(Members.without(json, "annotations"), mediaType)
        : edited("annotations", Members.stringMap(annotations));
  }

  public Manifest withSubject(Descriptor subject) {
    return edited("subject", subject.json());
  }

  public Manifest withArtifactType(String artifactType) {
    return edited("artifactType", Members.string(artifactType));
  }

  /// The same without the member `mediaType`, as OCI 1.0 tools write it; the type itself stays.
  public Manifest withoutMediaType() {
    return written(Members.without(json, "mediaType"), mediaType);
  }

  /// The same with OCI's names for Docker's media types, and therefore with another digest.
  public Manifest toOci() {
    JsonObject oci = json;
    if (oci.has("mediaType")) {
      oci = Members.with(oci, ORDER, "mediaType", Members.string(MediaType.OCI_MANIFEST));
    }
    List<Descriptor> ociLayers = layers.stream().map(Manifest::toOci).toList();
    oci = Members.with(oci, ORDER, "config", toOci(config).json());
    oci = Members.with(oci, ORDER, "layers", Members.descriptors(ociLayers));
    return written(oci, MediaType.OCI_MANIFEST);
  }

  private static Descriptor toOci(Descriptor descriptor) {
    return descriptor.withMediaType(MediaType.toOci(descriptor.mediaType()));
  }

  private Manifest edited(String name, JsonElement value) {
    return written(Members.with(json, ORDER, name, value), mediaType);
  }

  private String name() {
    return "manifest sha256:" + digest.hex();
  }

  private Fields fields() {
    return Fields.root(json, name());
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof Manifest other
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
