package dev.athanor.oci.action;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.PushReceipt;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings an image into a registry. Layers that the registry has, or can mount from where the base
/// came from, move no bytes.
///
/// Inputs: the image's file, then the layers that were made here. Output: a receipt, as JSON.
/// Parameters: `repository` and `tag`. A side effect, so never answered by the cache: asking the
/// registry is what tells that nothing is to do.
public final class Push implements ActionType {
  private final OciActions.Registries registries;

  Push(OciActions.Registries registries) {
    this.registries = registries;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(Repository repository, String tag) {
    return new TreeMap<>(Map.of("repository", repository.toString(), "tag", tag));
  }

  @Override
  public String id() {
    return "oci.push";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Resource resource() {
    return Resource.NETWORK;
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Image image = Images.read(context.file(context.action().inputs().getFirst()), context.blobs());
    Manifest manifest = Images.manifest(image, context.blobs());
    Map<Digest, Repository> origins = new HashMap<>();
    for (Descriptor layer : manifest.layers()) {
      image.origin(layer.digest()).ifPresent(from -> origins.put(layer.blob(), from));
    }
    PushReceipt receipt =
        registries
            .client(false)
            .push(
                Repository.parse(context.param("repository")),
                image.manifest(),
                List.of(context.param("tag")),
                context.blobs(),
                origins);
    context.write(context.action().outputs().getFirst(), CanonicalJson.withNewline(json(receipt)));
  }

  private static byte[] json(PushReceipt receipt) {
    JsonObject json = new JsonObject();
    json.addProperty("registry", receipt.repository().registry());
    json.addProperty("repository", receipt.repository().toString());
    json.addProperty("digest", receipt.root().digest().toString());
    JsonArray tags = new JsonArray();
    receipt.tags().forEach(tags::add);
    json.add("tags", tags);
    json.addProperty("uploaded", receipt.uploaded());
    json.addProperty("mounted", receipt.mounted());
    json.addProperty("present", receipt.present());
    json.addProperty("unchanged", receipt.unchanged());
    return CanonicalJson.write(json);
  }
}
