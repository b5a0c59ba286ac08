package dev.athanor.oci.image;

import com.google.gson.JsonObject;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.StrictJson;
import java.util.Optional;

/// A layer as a value: what a config and a manifest need to know of it.
///
/// @param layer absent for a step that changed nothing, which leaves only its history
/// @param createdBy the history's word on how it came to be
public record LayerInfo(Optional<Layer> layer, String createdBy) {
  /// The blob and its plain digest.
  public record Layer(Descriptor descriptor, Sha256 diffId) {}

  public static LayerInfo of(Descriptor descriptor, Sha256 diffId, String createdBy) {
    return new LayerInfo(Optional.of(new Layer(descriptor, diffId)), createdBy);
  }

  /// A step that changed nothing.
  public static LayerInfo empty(String createdBy) {
    return new LayerInfo(Optional.empty(), createdBy);
  }

  /// The file that stands for the layer between actions.
  public byte[] encode() {
    JsonObject json = new JsonObject();
    layer.ifPresent(there -> {
      json.add("descriptor", StrictJson.readObject(there.descriptor.bytes(), "descriptor"));
      json.addProperty("diffId", OciDigest.of(there.diffId).toString());
    });
    json.addProperty("createdBy", createdBy);
    return CanonicalJson.write(json);
  }

  /// Reads what [#encode] wrote.
  public static LayerInfo parse(byte[] bytes) {
    JsonObject json = StrictJson.readObject(bytes, "layer");
    String createdBy = json.get("createdBy").getAsString();
    if (!json.has("descriptor")) {
      return empty(createdBy);
    }
    return of(
        Descriptor.parse(CanonicalJson.write(json.get("descriptor")), "layer"),
        OciDigest.parse(json.get("diffId").getAsString()).sha256(),
        createdBy);
  }
}
