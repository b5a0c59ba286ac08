package dev.athanor.engine.cas;

import dev.athanor.engine.digest.Digest;
import java.nio.file.Path;

/// What lies where in a cache directory, as far as stores go: that of Bazel's disk cache, and some
/// folders besides.
///
/// ```
/// cas/<2 hex>/<hash>     blobs
/// exec/<2 hex>/<hash>    the same once more where they are to be executed
/// ac/<2 hex>/<hash>      action results
/// verified/<hash>        what is known of how results depend on circumstances
/// tmp/                   what is being written
/// leases/                who uses the directory
/// trash/                 what is being collected
/// quarantine/            what was found damaged
/// ```
public record CacheLayout(Path root) {
  public Path blobs() {
    return root.resolve("cas");
  }

  public Path results() {
    return root.resolve("ac");
  }

  public Path executables() {
    return root.resolve("exec");
  }

  public Path verifications() {
    return root.resolve("verified");
  }

  public Path tmp() {
    return root.resolve("tmp");
  }

  public Path leases() {
    return root.resolve("leases");
  }

  public Path trash() {
    return root.resolve("trash");
  }

  public Path quarantine() {
    return root.resolve("quarantine");
  }

  public Path blob(Digest digest) {
    return within(blobs(), digest.hex());
  }

  public Path executable(Digest digest) {
    return within(executables(), digest.hex());
  }

  public Path result(Digest key) {
    return within(results(), key.hex());
  }

  public Path verification(Digest key) {
    return verifications().resolve(key.hex());
  }

  /// Where a blob stands while it is being collected.
  public Path trashed(Digest digest) {
    return trash().resolve(digest.hex());
  }

  /// The place of that hash in one of the folders that hold one file for each.
  public static Path within(Path folder, String hex) {
    return folder.resolve(hex.substring(0, 2)).resolve(hex);
  }
}
