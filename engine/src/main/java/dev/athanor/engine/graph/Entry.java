package dev.athanor.engine.graph;

import dev.athanor.engine.UserException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a key came to.
///
/// @param value null when the computation failed
/// @param failure why it failed; null when it did not
/// @param builtAt the revision that computed it
/// @param changedAt the revision in which it last became something else
/// @param groups what it asked for: groups in the order in which they were asked for, each asked
///   for at once. A later group may exist only because of what an earlier one said
record Entry(
    @Nullable Object value,
    @Nullable UserException failure,
    long builtAt,
    long changedAt,
    List<List<Key<?>>> groups) {

  Object get() {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(value);
  }

  /// Whether whoever saw `that` would see nothing new here. Failures are never alike: their
  /// messages may be.
  boolean isLike(Entry that) {
    return value != null && value.equals(that.value);
  }

  Entry changedAt(long revision) {
    return new Entry(value, failure, builtAt, revision, groups);
  }
}
