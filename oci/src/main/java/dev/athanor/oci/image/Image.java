package dev.athanor.oci.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.model.StrictJson;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An image: the descriptor of its manifest, and the repositories that have its layers. Or images
/// for several platforms: the descriptor of their index.
///
/// Manifest and config are in the store of whoever made this value. A layer may be absent there;
/// then it has an origin, or it is the output of the action that wrote it.
///
/// @param manifest or index
/// @param origins by layer digest
public record Image(Descriptor manifest, SortedMap<String, Repository> origins) {
  public Image {
    manifest = manifest.plain();
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }

  public static Image of(Descriptor manifest) {
    return new Image(manifest, new TreeMap<>());
  }

  /// Where the layer of that digest may be had, if anywhere.
  public Optional<Repository> origin(OciDigest layer) {
    return Optional.ofNullable(origins.get(layer.toString()));
  }

  /// The file that stands for the image between actions.
  public byte[] encode() {
    JsonObject json = new JsonObject();
    json.add("manifest", StrictJson.readObject(manifest.bytes(), "descriptor"));
    JsonObject from = new JsonObject();
    origins.forEach((digest, repository) -> from.addProperty(digest, repository.toString()));
    json.add("origins", from);
    return CanonicalJson.write(json);
  }

  /// Reads what [#encode] wrote.
  public static Image parse(byte[] bytes) {
    JsonObject json = StrictJson.readObject(bytes, "image");
    SortedMap<String, Repository> origins = new TreeMap<>();
    for (Map.Entry<String, JsonElement> origin : json.getAsJsonObject("origins").entrySet()) {
      origins.put(origin.getKey(), Repository.parse(origin.getValue().getAsString()));
    }
    return new Image(Descriptor.parse(CanonicalJson.write(json.get("manifest")), "image"), origins);
  }
}
