package dev.athanor.oci.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One image: a config and layers, base first, all by descriptor.
public final class Manifest extends ImageDocument {
  private static final String KIND = "manifest";

  /// The members that the specification knows, in the order in which Go programs write them.
  public static final List<String> MEMBERS =
      List.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "subject",
          "annotations");

  private static final List<String> FOREIGN = List.of("manifests");

  private final Descriptor config;
  private final List<Descriptor> layers;

  private Manifest(JsonObject json, String mediaType, byte[] bytes) {
    super(KIND, json, mediaType, bytes, MEMBERS, FOREIGN);
    config = Descriptor.read(fields().object("config"));
    layers = fields().array("layers").stream().map(Descriptor::read).toList();
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
    return new Manifest(json(KIND, bytes), mediaType, bytes.clone());
  }

  private static Manifest written(JsonObject json, String mediaType) {
    return new Manifest(json, mediaType, CanonicalJson.write(json));
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
        ? written(Members.without(json, "annotations"), mediaType())
        : edited("annotations", Members.stringMap(annotations));
  }

  private Manifest edited(String name, JsonElement value) {
    return written(Members.with(json, MEMBERS, name, value), mediaType());
  }
}
