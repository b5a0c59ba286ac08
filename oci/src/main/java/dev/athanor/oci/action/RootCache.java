package dev.athanor.oci.action;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DirectoryCache;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RootProvider;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.Materialize;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.nio.file.Path;

/// Root filesystems as directories, one for each listing, written once and then only read.
public final class RootCache implements RootProvider {
  private final DirectoryCache directories;
  private final int threads;

  /// @param directory on a local file system; it should be the one that the store is on
  public RootCache(Path directory, int threads) {
    this.directories = new DirectoryCache(directory, DeleteTree::delete);
    this.threads = threads;
  }

  @Override
  public Spawn.Root root(Digest rootfs, BlobStore blobs) throws IOException, InterruptedException {
    return new Spawn.Root.Image(directory(RootFs.parse(blobs.read(rootfs)), blobs));
  }

  /// The directory that holds `root`. Nobody may write to it.
  public Path directory(RootFs root, BlobStore blobs) throws IOException, InterruptedException {
    return directories.get(
        root.listing(),
        directory -> {
          var _ =
              new Materialize(blobs, Materialize.Owners.here(), threads)
                  .materialize(root, directory);
        });
  }
}
