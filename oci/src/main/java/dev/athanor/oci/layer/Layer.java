package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;
import java.util.List;

/// A layer that was written.
///
/// @param digest the stored blob: the tar as compressed
/// @param diffId the plain tar; its hash is the config's `diff_id`
/// @param entries what is in it, as written and in that order
public record Layer(Digest digest, Digest diffId, Compression compression, List<Entry> entries) {
  public Layer {
    entries = List.copyOf(entries);
  }
}
