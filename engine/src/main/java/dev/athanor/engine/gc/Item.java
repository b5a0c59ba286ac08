package dev.athanor.engine.gc;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;

/// Something that can be removed by itself.
///
/// @param bytes what it holds alone, so what removing it brings, unless a link outside the cache
///   keeps it
/// @param used when it was last used, by itself or through what refers to it
/// @param stamp what the file itself said of its last use
/// @param name what people know it by; may be empty
public record Item(Kind kind, Path path, long bytes, Instant used, Instant stamp, String name) {
  /// What goes first when something has to.
  static final Comparator<Item> LEAST_USED =
      Comparator.comparing(Item::used).thenComparing(Item::kind).thenComparing(Item::path);
}
