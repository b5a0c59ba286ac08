package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.DigestFunction;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;

/// Digests in requests. Only SHA-256 is known here.
final class Digests {
  private Digests() {}

  /// @param function the number of the function that the request says digests are made by
  /// @throws IllegalArgumentException when it is none, or one of another function
  static Digest parse(build.bazel.remote.execution.v2.Digest wire, int function) {
    check(function);
    return parse(wire);
  }

  /// @throws IllegalArgumentException when it is none
  static Digest parse(build.bazel.remote.execution.v2.Digest wire) {
    return new Digest(Sha256.parse(wire.getHash()), wire.getSizeBytes());
  }

  /// @throws IllegalArgumentException when it is none
  static void check(build.bazel.remote.execution.v2.Digest wire) {
    var _ = parse(wire);
  }

  /// @throws IllegalArgumentException when it is not SHA-256; old clients say nothing
  static void check(int function) {
    if (function != DigestFunction.Value.UNKNOWN_VALUE
        && function != DigestFunction.Value.SHA256_VALUE) {
      throw new IllegalArgumentException("this cache knows no digests but SHA-256");
    }
  }
}
