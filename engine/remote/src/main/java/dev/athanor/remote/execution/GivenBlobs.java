package dev.athanor.remote.execution;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The blobs that came with an [Assignment], as files that the worker has checked, and behind them
/// a store for what is made of them.
record GivenBlobs(Path folder, BlobStore own) implements BlobStore {
  /// Whether the blob came along.
  boolean isGiven(Digest digest) throws IOException {
    Path file = folder.resolve(digest.hex());
    return Files.isRegularFile(file) && Files.size(file) == digest.size();
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    return isGiven(digest) || own.contains(digest);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    return isGiven(digest) ? Files.newInputStream(folder.resolve(digest.hex())) : own.open(digest);
  }

  @Override
  public BlobWriter write() throws IOException {
    return own.write();
  }

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    return isGiven(digest) && !executable
        ? Optional.of(folder.resolve(digest.hex()))
        : own.file(digest, executable);
  }
}
