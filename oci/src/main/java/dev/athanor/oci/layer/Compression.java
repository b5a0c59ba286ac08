package dev.athanor.oci.layer;

/// How a layer's tar is wrapped.
public enum Compression {
  NONE(""),
  GZIP("gzip"),
  ZSTD("zstd");

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /// `base`, such as `application/vnd.oci.image.layer.v1.tar`, for a layer wrapped like this.
  public String mediaType(String base) {
    return suffix.isEmpty() ? base : base + "+" + suffix;
  }
}
