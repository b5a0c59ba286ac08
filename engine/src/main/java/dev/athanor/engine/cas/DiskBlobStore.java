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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;

/// Blobs as files, in the layout of Bazel's disk cache: `cas/<2 hex>/<hash>`, beside `ac/` for
/// action results.
///
/// Several processes may share one directory. A blob is written under `tmp/` and renamed into
/// place, so a killed writer leaves nothing but a temporary file. Files are read-only: 0444 under
/// `cas/`; blobs that are to be executed have a second file with mode 0555 under `exec/`, so that
/// links to either never fight over the mode of one inode. Nothing is synced: after a power cut a
/// file may be short, which its size tells when it is asked for, or damaged, which whoever verifies
/// it reports with [#quarantine].
public final class DiskBlobStore implements BlobStore {
  private final Path root;
  private final Path tmp;
  private final boolean posix;

  private DiskBlobStore(Path root, Path tmp, boolean posix) {
    this.root = root;
    this.tmp = tmp;
    this.posix = posix;
  }

  /// Opens the store in `root`, which is made when it is not there.
  ///
  /// @throws UserException when `root` cannot be written to
  public static DiskBlobStore open(Path root) {
    Path tmp = root.resolve("tmp");
    boolean posix;
    try {
      Files.createDirectories(root.resolve("cas"));
      Files.createDirectories(tmp);
      Files.delete(Files.createFile(tmp.resolve(UUID.randomUUID().toString())));
      posix = Files.getFileStore(root).supportsFileAttributeView("posix");
    } catch (IOException e) {
      throw new UserException(
          "cannot write to the cache directory " + root + ": " + reason(e),
          "choose another with --cache-dir or ATHANOR_CACHE_DIR, or mend its permissions",
          e);
    }
    return new DiskBlobStore(root, tmp, posix);
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    return size(place("cas", digest)) == digest.size();
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    Path path = place("cas", digest);
    if (size(path) != digest.size()) {
      quarantine(digest);
      throw new MissingBlobException(digest);
    }
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

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    Path plain = place("cas", digest);
    if (size(plain) != digest.size()) {
      quarantine(digest);
      throw new MissingBlobException(digest);
    }
    return Optional.of(executable ? executable(plain, digest) : plain);
  }

  /// Takes a damaged blob out of sight, so that its producer runs again; keeps it under
  /// `quarantine/` for inspection.
  public void quarantine(Digest digest) throws IOException {
    Path path = place("cas", digest);
    if (Files.exists(path)) {
      Path shelf = Files.createDirectories(root.resolve("quarantine"));
      Files.move(path, shelf.resolve(digest.hex()), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.deleteIfExists(place("exec", digest));
  }

  private Path executable(Path plain, Digest digest) throws IOException {
    Path path = place("exec", digest);
    if (size(path) != digest.size()) {
      Path copy = tmp.resolve(UUID.randomUUID().toString());
      Files.copy(plain, copy);
      publish(copy, path, "r-xr-xr-x");
    }
    return path;
  }

  private Path place(String kind, Digest digest) {
    String hex = digest.hex();
    return root.resolve(kind).resolve(hex.substring(0, 2)).resolve(hex);
  }

  private void publish(Path from, Path to, String permissions) throws IOException {
    if (posix) {
      Files.setPosixFilePermissions(from, PosixFilePermissions.fromString(permissions));
    }
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      Files.createDirectories(to.getParent());
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// The file's size, or -1 where there is none.
  private static long size(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile() ? attributes.size() : -1;
    } catch (NoSuchFileException e) {
      return -1;
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
    private final Path file = tmp.resolve(UUID.randomUUID().toString());
    private final Digester digester = new Digester();
    private final OutputStream out;

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
      digester.update(bytes, offset, length);
    }

    @Override
    public Digest commit() throws IOException {
      out.close();
      Digest digest = digester.finish();
      keep(digest);
      return digest;
    }

    @Override
    public void commit(Digest expected) throws IOException {
      out.close();
      Digest digest = digester.finish();
      if (!digest.equals(expected)) {
        throw new CorruptBlobException(expected, digest);
      }
      keep(digest);
    }

    private void keep(Digest digest) throws IOException {
      if (!contains(digest)) {
        publish(file, place("cas", digest), "r--r--r--");
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(file);
    }
  }
}
