package dev.athanor.oci.action;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.image.Destination;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.OciDigest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Says in JSON what an image or index is, for programs that deploy, sign or scan it: digests,
/// sizes, layers, platforms, and the references under which it is published, as far as there are
/// values for them.
///
/// Inputs: the image's file, then the files with values for the destinations. Output: the JSON.
/// Parameters: `label`, `destination.N`, and `values`, the names of the values.
public final class DescribeImage extends OciAction {
  /// Counts up when a member changes its meaning or goes away.
  private static final int SCHEMA = 1;

  private static final String DESTINATION = "destination.";

  DescribeImage() {
    super("oci.describe", 1, Resource.DISK);
  }

  /// The parameters of an action of this type.
  ///
  /// @param values the names of the values in the inputs after the first, in order
  public static SortedMap<String, String> params(
      String label, List<Destination> destinations, List<String> values) {
    SortedMap<String, String> params =
        new TreeMap<>(Map.of("label", label, "values", FileValues.param(values)));
    for (int i = 0; i < destinations.size(); i++) {
      params.put(DESTINATION + i, destinations.get(i).encode());
    }
    return params;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    List<Artifact> inputs = context.action().inputs();
    BlobStore blobs = context.blobs();
    Image image = Images.read(context.file(inputs.getFirst()), blobs);
    JsonObject json = new JsonObject();
    json.addProperty("schemaVersion", SCHEMA);
    json.addProperty("label", context.param("label"));
    describe(image.manifest(), json, blobs);
    json.add("references", references(context, inputs.subList(1, inputs.size()), image));
    context.write(
        context.action().outputs().getFirst(),
        CanonicalJson.withNewline(CanonicalJson.write(json)));
  }

  private static void describe(Descriptor descriptor, JsonObject json, BlobStore blobs)
      throws IOException {
    add(descriptor, json);
    switch (ImageDocument.read(descriptor, blobs)) {
      case Manifest manifest -> describe(manifest, json, blobs);
      case Index index -> {
        JsonArray images = new JsonArray();
        for (Descriptor entry : index.manifests()) {
          JsonObject image = new JsonObject();
          describe(entry, image, blobs);
          images.add(image);
        }
        json.add("images", images);
      }
    }
  }

  private static void describe(Manifest manifest, JsonObject json, BlobStore blobs)
      throws IOException {
    ImageConfig config = Images.config(manifest, blobs);
    json.addProperty("platform", config.platform().toString());
    JsonObject described = new JsonObject();
    add(manifest.config(), described);
    json.add("config", described);
    JsonArray layers = new JsonArray();
    List<OciDigest> diffIds = config.diffIds();
    for (int i = 0; i < manifest.layers().size(); i++) {
      JsonObject layer = new JsonObject();
      add(manifest.layers().get(i), layer);
      layer.addProperty("diffId", diffIds.get(i).toString());
      layers.add(layer);
    }
    json.add("layers", layers);
  }

  private static void add(Descriptor descriptor, JsonObject json) {
    json.addProperty("mediaType", descriptor.mediaType());
    json.addProperty("digest", descriptor.digest().toString());
    json.addProperty("size", descriptor.size());
  }

  /// Where `publish` puts it: `repository:tag@digest`.
  private static JsonArray references(ActionContext context, List<Artifact> files, Image image)
      throws IOException {
    JsonArray references = new JsonArray();
    Map<String, String> values = FileValues.read(context, files);
    for (Map.Entry<String, String> param : context.action().params().entrySet()) {
      if (param.getKey().startsWith(DESTINATION)) {
        Destination destination = Destination.decode(param.getValue()).fill(values);
        if (destination.places().isEmpty()) {
          destination
              .references()
              .forEach(reference -> references.add(reference + "@" + image.manifest().digest()));
        }
      }
    }
    return references;
  }
}
