package dev.athanor.oci.layer;

/// How much a layer from outside may ask for. What exceeds a limit is refused with the limit's
/// name; the defaults are part of what Athanor promises to read.
///
/// @param tarBytes size of the plain tar, and of all sparse files in it when they are expanded
/// @param freeBytes size up to which `expansion` does not matter
/// @param expansion how many times as large as the blob the tar may be; deflate can reach 1032,
///   zstd far more, layers of real images stay below 20
/// @param entries headers in one layer
/// @param recordBytes one PAX header or GNU long name; it is held in memory
public record Limits(long tarBytes, long freeBytes, int expansion, int entries, int recordBytes) {
  public static final Limits DEFAULT = new Limits(64L << 30, 1L << 30, 400, 4_000_000, 4 << 20);

  /// How many bytes a tar may have whose blob has given `blobBytes` so far.
  long tarBytesFor(long blobBytes) {
    long expanded = blobBytes > tarBytes / expansion ? tarBytes : blobBytes * expansion;
    return Math.min(tarBytes, Math.max(freeBytes, expanded));
  }
}
