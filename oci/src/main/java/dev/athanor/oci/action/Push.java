package dev.athanor.oci.action;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.image.Destination;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.PushReceipt;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings an image or index into a registry. Layers that the registry has, or can mount from where
/// the base came from, move no bytes.
///
/// Inputs: the image's file, the files with values for the destination, then the layers that were
/// made here. Output: a receipt, as JSON. Parameters: `destination`, and `values`, the names of the
/// values. A side effect, so never answered by the cache: asking the registry is what tells that
/// nothing is to do.
public final class Push extends OciAction {
  private final OciActions.Registries registries;

  Push(OciActions.Registries registries) {
    super("oci.push", 2, Resource.NETWORK);
    this.registries = registries;
  }

  /// The parameters of an action of this type.
  ///
  /// @param values the names of the values in the inputs after the first, in order
  public static SortedMap<String, String> params(Destination destination, List<String> values) {
    return new TreeMap<>(
        Map.of("destination", destination.encode(), "values", FileValues.param(values)));
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    List<Artifact> inputs = context.action().inputs();
    Image image = Images.read(context.file(inputs.getFirst()), context.blobs());
    Destination destination =
        FileValues.fill(
            Destination.decode(context.param("destination")),
            FileValues.read(context, inputs.subList(1, inputs.size())));
    PushReceipt receipt =
        registries
            .client(false)
            .push(
                Repository.parse(destination.repository()),
                image.manifest(),
                destination.tags(),
                context.blobs(),
                origins(image, context.blobs()),
                registries.dry());
    context.write(
        context.action().outputs().getFirst(),
        CanonicalJson.withNewline(json(receipt, registries.dry())));
  }

  private static Map<Digest, Repository> origins(Image image, BlobStore blobs) throws IOException {
    Map<Digest, Repository> origins = new HashMap<>();
    for (Descriptor content : Images.contents(image, blobs)) {
      image.origin(content.digest()).ifPresent(from -> origins.put(content.blob(), from));
    }
    return origins;
  }

  /// @param dry whether it only tells what would be done
  static byte[] json(PushReceipt receipt, boolean dry) {
    JsonObject json = new JsonObject();
    json.addProperty("registry", receipt.repository().registry());
    json.addProperty("repository", receipt.repository().toString());
    json.addProperty("digest", receipt.digest().toString());
    JsonArray tags = new JsonArray();
    receipt.tags().forEach(tags::add);
    json.add("tags", tags);
    json.addProperty("uploaded", receipt.uploaded());
    json.addProperty("mounted", receipt.mounted());
    json.addProperty("present", receipt.present());
    json.addProperty("bytes", receipt.bytes());
    json.addProperty("unchanged", receipt.unchanged());
    json.addProperty("dryRun", dry);
    return CanonicalJson.write(json);
  }
}
