package dev.athanor.oci.registry;

import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import java.util.List;

/// What a push did, or would do.
///
/// @param digest of what was pushed
/// @param tags all tags that stand for it now, those that already did included
/// @param uploaded blobs sent
/// @param mounted blobs that the registry took from another repository
/// @param present blobs that were there
/// @param bytes of the blobs sent
/// @param unchanged whether there was nothing to do at all
public record PushReceipt(
    Repository repository,
    OciDigest digest,
    List<String> tags,
    int uploaded,
    int mounted,
    int present,
    long bytes,
    boolean unchanged) {
  public PushReceipt {
    tags = List.copyOf(tags);
  }

  /// This, with what others moved besides.
  PushReceipt and(List<PushReceipt> others) {
    PushReceipt sum = this;
    for (PushReceipt other : others) {
      sum =
          new PushReceipt(
              repository,
              digest,
              tags,
              sum.uploaded + other.uploaded,
              sum.mounted + other.mounted,
              sum.present + other.present,
              sum.bytes + other.bytes,
              sum.unchanged && other.unchanged);
    }
    return sum;
  }
}
