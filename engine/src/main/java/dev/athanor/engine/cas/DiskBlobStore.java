package dev.athanor.engine.cas;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Blobs as files, where [CacheLayout] has them.
///
/// Several processes may share one directory. A blob is written under `tmp/` and renamed into
/// place, so a killed writer leaves nothing but a temporary file. Files are read-only: 0444 under
/// `cas/`; blobs that are to be executed have a second file with mode 0555 under `exec/`, so that
/// links to either never fight over the mode of one inode.
///
/// Every blob has the same modification time, [#SEAL], set when it is whole. Whoever writes to the
/// file later, be it through a link elsewhere, breaks the seal: the blob is then read and digested
/// before it is used again, and put under `quarantine/` when it is damaged. So is one of another
/// size than somebody asks for: a power cut may have left it behind, as nothing is synced, or
/// whoever asks is wrong. What was damaged or lost is simply missing, and its producer runs again.
///
/// The time of the last access is set to when a process first used the blob: [Lease] and the
/// collection of what is not used go by that, on whatever terms the file system is mounted. A blob
/// that is being collected stands under `trash/` for a moment, where whoever relies on it finds it.
public final class DiskBlobStore implements BlobStore, AutoCloseable {
  /// The modification time of every blob. Late enough for formats that cannot say anything before
  /// 1980: commands see it on their inputs.
  public static final FileTime SEAL = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

  /// From so many bytes on, a file is copied before it is digested.
  private static final long COPIED_FIRST = 1 << 20;

  /// From so many bytes on, what is written is digested on another thread.
  private static final long TRAILED = 4 << 20;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final CacheLayout layout;
  private final boolean posix;
  private volatile @Nullable Lease lease;

  /// What was asked for with a wrong size and has turned out to be whole: who asks again and again
  /// does not have it digested each time.
  private final Set<Digest> proved = ConcurrentHashMap.newKeySet();

  private DiskBlobStore(CacheLayout layout, boolean posix) {
    this.layout = layout;
    this.posix = posix;
  }

  /// Opens the store in `root`, which is made when it is not there.
  ///
  /// @throws UserException when `root` cannot be written to
  public static DiskBlobStore open(Path root) {
    CacheLayout layout = new CacheLayout(root);
    Path tmp = layout.tmp();
    try {
      if (!Files.isWritable(tmp) || !Files.isWritable(layout.blobs())) {
        Files.createDirectories(layout.blobs());
        Files.createDirectories(tmp);
        Files.delete(Files.createFile(tmp.resolve(UUID.randomUUID().toString())));
      }
    } catch (IOException e) {
      throw new UserException(
          "cannot write to the cache directory " + root + ": " + reason(e),
          "choose another with --cache-dir or ATHANOR_CACHE_DIR, or mend its permissions",
          e);
    }
    boolean posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
    return new DiskBlobStore(layout, posix);
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    return isSound(layout.blob(digest), digest);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    Path path = soundFile(digest);
    try {
      return Files.newInputStream(path);
    } catch (NoSuchFileException e) {
      throw new MissingBlobException(digest);
    }
  }

  @Override
  public BlobWriter write() throws IOException {
    return new FileWriter();
  }

  @Override
  public Digest put(byte[] bytes) throws IOException {
    Digest digest = Digester.digest(bytes);
    if (!contains(digest)) {
      try (FileWriter writer = new FileWriter()) {
        writer.write(bytes);
        return writer.commit();
      }
    }
    return digest;
  }

  /// Copies a large file before it is digested: the kernel does that without moving its bytes where
  /// the file system can share them, and it cannot change any more.
  @Override
  public Digest put(Path file) throws IOException {
    if (Files.size(file) < COPIED_FIRST
        || !file.getFileSystem().equals(layout.root().getFileSystem())) {
      return BlobStore.super.put(file);
    }
    Path copy = fresh();
    try {
      Files.copy(file, copy);
      Digest digest;
      try (InputStream in = Files.newInputStream(copy)) {
        digest = Digester.digest(in);
      }
      keep(copy, digest);
      return digest;
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /// Moves the file, so that no byte is copied and no inode comes and goes.
  @Override
  public Digest take(Path file) throws IOException {
    if (!isTakeable(file)) {
      return put(file);
    }
    Digest digest;
    try (InputStream in = Files.newInputStream(file)) {
      digest = Digester.digest(in);
    }
    try {
      keep(file, digest);
      return digest;
    } catch (FileSystemException e) {
      // Another file system, or a directory that lets nothing go.
      return put(file);
    }
  }

  private boolean isTakeable(Path file) throws IOException {
    return posix
        && file.getFileSystem().equals(layout.root().getFileSystem())
        && Integer.valueOf(1).equals(Files.getAttribute(file, "unix:nlink"));
  }

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    Path plain = soundFile(digest);
    return Optional.of(executable ? executable(plain, digest) : plain);
  }

  /// Takes a damaged blob out of sight, so that its producer runs again; keeps it under
  /// `quarantine/` for inspection.
  private void quarantine(Path path, Digest digest) throws IOException {
    Path shelf = Files.createDirectories(layout.quarantine());
    try {
      Files.move(path, shelf.resolve(digest.hex()), StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      // Another process has seen it too.
    }
    Files.deleteIfExists(layout.executable(digest));
  }

  /// Keeps everything that is used from now on from being collected, until this is closed. So does
  /// the first use of any blob.
  public void hold() throws IOException {
    var _ = lease();
  }

  /// The same from now on, for who would otherwise keep everything that he used since he began.
  /// Whoever cleans up goes a little further back, so that what was used just before is kept too.
  public synchronized void holdAnew() throws IOException {
    Lease former = lease;
    lease = Lease.take(layout);
    if (former != null) {
      former.close();
    }
  }

  /// Where its files are.
  public CacheLayout layout() {
    return layout;
  }

  /// Gives the lease back, if one was taken.
  @Override
  public void close() throws IOException {
    Lease taken = lease;
    if (taken != null) {
      taken.close();
    }
  }

  private Path soundFile(Digest digest) throws IOException {
    Path path = layout.blob(digest);
    if (isSound(path, digest)) {
      return path;
    }
    Path trashed = layout.trashed(digest);
    if (isSound(trashed, digest)) {
      return trashed;
    }
    throw new MissingBlobException(digest);
  }

  /// Whether a blob's file is there and as it was written. Notes that it is used, and puts it aside
  /// when it is damaged.
  private boolean isSound(Path path, Digest digest) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    if (attributes == null) {
      return false;
    }
    boolean sealed = attributes.lastModifiedTime().equals(SEAL);
    Digest here = new Digest(digest.hash(), attributes.size());
    boolean asked = here.equals(digest);
    boolean known = sealed && (asked || proved.contains(here));
    if (!known && !isIntact(path, here)) {
      quarantine(path, digest);
      return false;
    }
    if (!asked) {
      proved.add(here);
      return false;
    }
    boolean noted = sealed && !attributes.lastAccessTime().toInstant().isBefore(lease().since());
    return noted || noteUse(path);
  }

  private static boolean isIntact(Path path, Digest digest) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Digester.digest(in).equals(digest);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// @return whether it is still there
  private static boolean noteUse(Path path) throws IOException {
    try {
      Files.getFileAttributeView(path, BasicFileAttributeView.class)
          .setTimes(SEAL, FileTime.from(Instant.now()), null);
    } catch (NoSuchFileException e) {
      return false;
    } catch (FileSystemException e) {
      // Somebody else's file in a shared cache, which its owner has to look after.
    }
    return true;
  }

  private Lease lease() throws IOException {
    Lease taken = lease;
    if (taken == null) {
      synchronized (this) {
        taken = lease;
        if (taken == null) {
          taken = Lease.take(layout);
          lease = taken;
        }
      }
    }
    return taken;
  }

  private Path executable(Path plain, Digest digest) throws IOException {
    Path path = layout.executable(digest);
    BasicFileAttributes attributes = attributes(path);
    if (attributes == null
        || attributes.size() != digest.size()
        || !attributes.lastModifiedTime().equals(SEAL)) {
      Path copy = fresh();
      Files.copy(plain, copy);
      publish(copy, path, "r-xr-xr-x");
    }
    return path;
  }

  private Path fresh() {
    return layout.tmp().resolve(UUID.randomUUID().toString());
  }

  private void keep(Path file, Digest digest) throws IOException {
    if (!contains(digest)) {
      publish(file, layout.blob(digest), "r--r--r--");
    }
  }

  private void publish(Path from, Path to, String permissions) throws IOException {
    if (posix) {
      Files.setPosixFilePermissions(from, PosixFilePermissions.fromString(permissions));
    }
    // What was moved here may look as if it had not been used for years.
    Files.getFileAttributeView(from, BasicFileAttributeView.class)
        .setTimes(SEAL, FileTime.from(Instant.now()), null);
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      Files.createDirectories(to.getParent());
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// Null where there is no regular file.
  private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile() ? attributes : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "there is a file in its place";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private final class FileWriter extends BlobWriter {
    private final Path file = fresh();
    private final Digester digester = new Digester();
    private final OutputStream out;
    private long size;
    private @Nullable Trailing trailing;

    FileWriter() throws IOException {
      out = Files.newOutputStream(file);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      size += length;
      Trailing behind = trailing;
      if (behind != null) {
        behind.written(size);
        return;
      }
      digester.update(bytes, offset, length);
      if (size >= TRAILED && PROCESSORS > 1) {
        trailing = new Trailing(file, digester, size);
      }
    }

    private Digest digest() throws IOException {
      out.close();
      Trailing behind = trailing;
      return behind != null ? behind.finish() : digester.finish();
    }

    @Override
    public Digest commit() throws IOException {
      Digest digest = digest();
      keep(file, digest);
      return digest;
    }

    @Override
    public void commit(Digest expected) throws IOException {
      Digest digest = digest();
      if (!digest.equals(expected)) {
        throw new CorruptBlobException(expected, digest);
      }
      keep(file, digest);
    }

    @Override
    public void close() throws IOException {
      out.close();
      Trailing behind = trailing;
      if (behind != null) {
        behind.end();
      }
      Files.deleteIfExists(file);
    }
  }
}
