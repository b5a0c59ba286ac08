package dev.athanor.oci.action;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.RootProvider;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.Materialize;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Root filesystems as directories, one for each listing, written once and then only read. Several
/// processes may share the directory: a root filesystem appears in it whole, by a rename.
public final class RootCache implements RootProvider {
  private final Path directory;
  private final int threads;
  private final ConcurrentHashMap<Digest, ReentrantLock> locks = new ConcurrentHashMap<>();

  /// @param directory on a local file system; it should be the one that the store is on
  public RootCache(Path directory, int threads) {
    this.directory = directory;
    this.threads = threads;
  }

  @Override
  public Spawn.Root root(Digest rootfs, BlobStore blobs) throws IOException, InterruptedException {
    return new Spawn.Root.Image(directory(RootFs.parse(blobs.read(rootfs)), blobs));
  }

  /// The directory that holds `root`. Nobody may write to it.
  public Path directory(RootFs root, BlobStore blobs) throws IOException, InterruptedException {
    Path place = directory.resolve(root.listing().hex());
    if (Files.isDirectory(place)) {
      return place;
    }
    ReentrantLock lock = locks.computeIfAbsent(root.listing(), _ -> new ReentrantLock());
    lock.lockInterruptibly();
    try {
      return Files.isDirectory(place) ? place : write(root, blobs, place);
    } finally {
      lock.unlock();
    }
  }

  private Path write(RootFs root, BlobStore blobs, Path place) throws IOException {
    Path fresh = directory.resolve("." + UUID.randomUUID());
    Files.createDirectories(fresh);
    try {
      var _ = new Materialize(blobs, owners(), threads).materialize(root, fresh);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another process was faster; its directory is as good.
      DeleteTree.delete(fresh);
    } catch (IOException e) {
      DeleteTree.delete(fresh);
      throw e;
    }
    return place;
  }

  /// Owners are real where this process may set them.
  static Materialize.Owners owners() {
    return "root".equals(System.getProperty("user.name"))
        ? Materialize.Owners.REAL
        : Materialize.Owners.CALLER;
  }
}
