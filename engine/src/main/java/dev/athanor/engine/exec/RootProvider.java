package dev.athanor.engine.exec;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;

/// Turns the value of a root filesystem into a directory that a sandbox can show as `/`.
@FunctionalInterface
public interface RootProvider {
  /// @param rootfs the file that an action made to describe the root filesystem
  Spawn.Root root(Digest rootfs, BlobStore blobs) throws IOException, InterruptedException;
}
