package dev.athanor.engine.diff;

/// How much a comparison may tell and do. Beyond the last three, bytes are compared as they are.
///
/// @param differences that are told; others are only counted
/// @param depth formats that may stand in each other
/// @param unpackedBytes of all that is taken out of something else
/// @param comparedBytes that formats may look at on either side, each time they do: what an archive
///   names many times is there once
public record Limits(int differences, int depth, long unpackedBytes, long comparedBytes) {
  private static final long MOST_COMPARED = 64L << 30;

  public static final Limits DEFAULT = new Limits(200, 8, 2L << 30);

  /// With as many bytes compared as take well below a minute.
  public Limits(int differences, int depth, long unpackedBytes) {
    this(differences, depth, unpackedBytes, MOST_COMPARED);
  }
}
