package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.util.List;

/// A layer that was read and found to be what it should be.
///
/// @param digest the blob as it came
/// @param diffId the plain tar
/// @param entries its changes in the order of the tar; contents are digests that `packs` and the
///   store have
/// @param packs the plain tar, when it holds any content
/// @param remarks what a strict validator would not have let pass
public record ReadLayer(
    Digest digest, Digest diffId, List<Entry> entries, List<Pack> packs, List<String> remarks) {
  public ReadLayer {
    entries = List.copyOf(entries);
    packs = List.copyOf(packs);
    remarks = List.copyOf(remarks);
  }

  /// Whether the plain tar is the one that an image's config names.
  boolean isOf(Sha256 diffId) {
    return this.diffId.hash().equals(diffId);
  }
}
