package dev.athanor.engine.gc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What of a cache directory stays, and what goes.
///
/// @param kept stays
/// @param held stays though it would go, for a process may be using it
/// @param going goes, in this order
/// @param inUseSince when the oldest running process began to use the cache; absent when there is
///   none
public record Survey(
    List<Item> kept, List<Item> held, List<Going> going, Optional<Instant> inUseSince) {
  public Survey {
    kept = List.copyOf(kept);
    held = List.copyOf(held);
    going = List.copyOf(going);
  }

  /// Why something goes.
  public enum Reason {
    /// Nobody used it for long.
    AGE,
    /// The cache is larger than it shall be, and this was not used for longest.
    SIZE,
    /// Nobody can use it any more.
    LEFTOVER
  }

  /// Something that goes.
  public record Going(Item item, Reason reason) {}

  /// How much the cache holds in all.
  public long bytes() {
    return sum(kept) + sum(held) + goingBytes();
  }

  long goingBytes() {
    return going.stream().mapToLong(each -> each.item().bytes()).sum();
  }

  private static long sum(List<Item> items) {
    return items.stream().mapToLong(Item::bytes).sum();
  }
}
