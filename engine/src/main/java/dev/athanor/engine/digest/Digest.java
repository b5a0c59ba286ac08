package dev.athanor.engine.digest;

/// The name of a blob: SHA-256 of its bytes, and how many there are.
public record Digest(Sha256 hash, long size) implements Comparable<Digest> {
  /// The digest of no bytes.
  public static final Digest EMPTY = Digester.digest(new byte[0]);

  public Digest {
    if (size < 0) {
      throw new IllegalArgumentException("negative size: " + size);
    }
  }

  /// 64 lower-case hex digits.
  public String hex() {
    return hash.hex();
  }

  @Override
  public int compareTo(Digest that) {
    int order = hash.compareTo(that.hash);
    return order != 0 ? order : Long.compare(size, that.size);
  }

  /// `hex/size`, as the Remote Execution API writes it.
  @Override
  public String toString() {
    return hex() + "/" + size;
  }
}
