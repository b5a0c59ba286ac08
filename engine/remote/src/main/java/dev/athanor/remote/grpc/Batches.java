package dev.athanor.remote.grpc;

import dev.athanor.engine.digest.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Divides blobs into those that travel together and those that need a stream each.
///
/// @param together groups that fit into one message
/// @param alone larger than a message
record Batches(List<List<Digest>> together, List<Digest> alone) {
  /// What goes around one blob in a message.
  private static final int AROUND = 128;

  /// So that no message has too many parts either.
  private static final int MANY = 4000;

  static Batches of(Collection<Digest> digests, long limit) {
    List<List<Digest>> together = new ArrayList<>();
    List<Digest> alone = new ArrayList<>();
    List<Digest> group = new ArrayList<>();
    long bytes = 0;
    for (Digest digest : digests) {
      long weight = digest.size() + AROUND;
      if (weight > limit) {
        alone.add(digest);
        continue;
      }
      if (bytes + weight > limit || group.size() == MANY) {
        together.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(digest);
      bytes += weight;
    }
    if (!group.isEmpty()) {
      together.add(group);
    }
    return new Batches(together, alone);
  }
}
