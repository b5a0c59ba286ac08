package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.image.Destination;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.PushReceipt;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Copies an image or index from one registry to another, as it is. Where the target has it, one
/// request for each tag is all.
///
/// Output: a receipt, as JSON. Parameters: `source`, `sha`, `destination`, `referrers`. A side
/// effect, like [Push].
public final class Mirror extends OciAction {
  private final OciActions.Registries registries;

  Mirror(OciActions.Registries registries) {
    super("oci.mirror", 1, Resource.NETWORK);
    this.registries = registries;
  }

  /// The parameters of an action of this type.
  ///
  /// @param referrers whether signatures and the like come along
  public static SortedMap<String, String> params(
      Repository source, Sha256 sha, Destination destination, boolean referrers) {
    return new TreeMap<>(
        Map.of(
            "source", source.toString(),
            "sha", sha.hex(),
            "destination", destination.encode(),
            "referrers", String.valueOf(referrers)));
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Destination destination =
        FileValues.fill(Destination.decode(context.param("destination")), Map.of());
    PushReceipt receipt =
        registries
            .client(false)
            .copy(
                Repository.parse(context.param("source")),
                OciDigest.of(Sha256.parse(context.param("sha"))),
                Repository.parse(destination.repository()),
                destination.tags(),
                context.blobs(),
                Boolean.parseBoolean(context.param("referrers")),
                registries.dry());
    context.write(
        context.action().outputs().getFirst(),
        CanonicalJson.withNewline(Push.json(receipt, registries.dry())));
  }
}
