package dev.athanor.engine.starlark.value;

/// How much one thread may do before it is stopped.
///
/// @param steps statements, loop iterations and calls, and the work of operations on large values
/// @param depth active calls of Starlark functions
/// @param allocation bytes, estimated, of all strings and collections that are made; those that are
///   garbage again count too
public record Limits(long steps, int depth, long allocation) {
  /// Generous for any sensible file, and reached by a runaway one within seconds.
  public static final Limits DEFAULT = new Limits(500_000_000L, 200, 1L << 30);
}
