package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;

/// The bytes of a regular file: named, or at hand when they are few.
public sealed interface Content {
  /// Bytes that a [ContentSource] has.
  record Stored(Digest digest) implements Content {}

  /// Bytes that need no store.
  record Inline(Bytes bytes) implements Content {
    @Override
    public Digest digest() {
      return Digester.digest(bytes.toArray());
    }
  }

  Digest digest();

  static Content of(Digest digest) {
    return new Stored(digest);
  }

  /// The UTF-8 form of `text`.
  static Content of(String text) {
    return new Inline(Bytes.utf8(text));
  }

  default long size() {
    return switch (this) {
      case Stored(var digest) -> digest.size();
      case Inline(var bytes) -> bytes.length();
    };
  }
}
