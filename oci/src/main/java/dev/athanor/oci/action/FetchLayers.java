package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.RegistryClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings the bytes of a pulled image's layers here: the other half of [Fetch], run only when
/// something reads them.
///
/// Input: the image's file. Output: a directory with each layer under its digest. Parameter:
/// `anonymous`.
public final class FetchLayers extends OciAction {
  private final OciActions.Registries registries;

  FetchLayers(OciActions.Registries registries) {
    super("oci.layers.fetch", 1, Resource.NETWORK);
    this.registries = registries;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(boolean anonymous) {
    return new TreeMap<>(Map.of("anonymous", String.valueOf(anonymous)));
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Image image = Images.read(context.file(context.action().inputs().getFirst()), context.blobs());
    Manifest manifest = Images.manifest(image, context.blobs());
    RegistryClient client = registries.client(Boolean.parseBoolean(context.param("anonymous")));
    Map<Repository, List<Descriptor>> byOrigin = new LinkedHashMap<>();
    Map<RelativePath, Content> files = new TreeMap<>();
    for (Descriptor layer : manifest.layers()) {
      Repository origin = image.origin(layer.digest()).orElseThrow();
      byOrigin.computeIfAbsent(origin, _ -> new ArrayList<>()).add(layer);
      files.put(RelativePath.of(layer.blob().hex()), new Content.File(layer.blob(), false));
    }
    for (Map.Entry<Repository, List<Descriptor>> origin : byOrigin.entrySet()) {
      client.pullBlobs(origin.getKey(), origin.getValue(), context.blobs());
    }
    InputRoot tree = InputRoot.of(files);
    tree.store(context.blobs());
    context.output(context.action().outputs().getFirst(), new Content.Tree(tree.digest()));
  }
}
