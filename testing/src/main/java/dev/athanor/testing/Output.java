package dev.athanor.testing;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Something that a build made. It stays what it is when files change and targets are built again.
public final class Output {
  private final String path;
  private final Content content;
  private final BlobStore blobs;

  Output(String path, Content content, BlobStore blobs) {
    this.path = path;
    this.content = content;
    this.blobs = blobs;
  }

  /// Where it would stand below `athanor-out`.
  public String path() {
    return path;
  }

  /// The bytes of a file.
  public byte[] bytes() {
    if (!(content instanceof Content.File(var digest, _))) {
      throw new IllegalStateException(path + " is not a file, but " + kind());
    }
    try {
      return blobs.read(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a file holds, as UTF-8.
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /// Where a symlink leads.
  public String link() {
    if (content instanceof Content.Symlink(var target)) {
      return target;
    }
    throw new IllegalStateException(path + " is not a symlink, but " + kind());
  }

  public boolean isDirectory() {
    return content instanceof Content.Tree;
  }

  public boolean isExecutable() {
    return content instanceof Content.File(_, var executable) && executable;
  }

  /// The SHA-256 of a file's bytes, or of a directory's canonical listing, in hexadecimal: equal
  /// for equal contents, wherever they were made.
  public String digest() {
    return switch (content) {
      case Content.File(var digest, _) -> digest.hex();
      case Content.Tree(var digest) -> digest.hex();
      case Content.Symlink _ -> throw new IllegalStateException(path + " is a symlink");
    };
  }

  Content content() {
    return content;
  }

  BlobStore blobs() {
    return blobs;
  }

  private String kind() {
    return switch (content) {
      case Content.File _ -> "a file";
      case Content.Tree _ -> "a directory";
      case Content.Symlink(var target) -> "a symlink to " + target;
    };
  }

  @Override
  public String toString() {
    return path;
  }
}
