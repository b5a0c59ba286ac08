package dev.athanor.engine.diff;

/// How much a comparison may tell and do. Beyond the last two, bytes are compared as they are.
///
/// @param differences that are told; others are only counted
/// @param depth formats that may stand in each other
/// @param unpackedBytes of all that is taken out of something else
public record Limits(int differences, int depth, long unpackedBytes) {
  public static final Limits DEFAULT = new Limits(200, 8, 8L << 30);
}
