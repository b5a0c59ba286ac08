package dev.athanor.engine.graph;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A key's place in the graph.
///
/// It is Clean in the revision that last verified it, and Dirty in every later one until somebody
/// asks. While it is Running, the reference holds the computation; whoever puts one there owns
/// `entry` and `verifiedAt`.
///
/// ```
/// Absent ──asked──▶ Running ──value──▶ Clean ──new revision──▶ Dirty ──asked──▶ Running
///   ▲                  │                                         ▲                 │
///   └────interrupted───┘                                         └───interrupted───┘
/// ```
final class Node extends AtomicReference<@Nullable Computation> {
  private static final long serialVersionUID = 1;

  /// What is known, as of `verifiedAt`. Written before it.
  private transient volatile @Nullable Entry entry;

  private volatile long verifiedAt;

  /// What the key comes to in that revision; null when nobody has found out yet.
  @Nullable Entry at(long revision) {
    return verifiedAt == revision ? entry : null;
  }

  /// What the key came to in some earlier revision, if any asked.
  @Nullable Entry latest() {
    return entry;
  }

  void set(Entry now, long revision) {
    entry = now;
    verifiedAt = revision;
  }
}
