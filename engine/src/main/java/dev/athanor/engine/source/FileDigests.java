package dev.athanor.engine.source;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.digest.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Digests of files by path and stamp, kept in a file between builds. Losing it costs time, never
/// correctness.
///
/// The file holds a version, the entries, and the SHA-256 of all that: a torn or damaged file
/// counts as none. It is replaced whole, so of two builds that end together the later one's memory
/// survives.
final class FileDigests {
  private static final int VERSION = 1;

  private record Entry(FileStamp stamp, Digest digest) {}

  private final Path file;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private volatile boolean changed;

  private FileDigests(Path file) {
    this.file = file;
  }

  static FileDigests load(Path file) {
    FileDigests digests = new FileDigests(file);
    try {
      digests.read(Files.readAllBytes(file));
    } catch (IOException | RuntimeException e) {
      digests.entries.clear();
    }
    return digests;
  }

  Optional<Digest> get(String path, FileStamp stamp) {
    Entry entry = entries.get(path);
    return entry != null && entry.stamp.equals(stamp)
        ? Optional.of(entry.digest)
        : Optional.empty();
  }

  void put(String path, FileStamp stamp, Digest digest) {
    entries.put(path, new Entry(stamp, digest));
    changed = true;
  }

  /// Writes the memory down, if there is anything new in it.
  void save() throws IOException {
    if (!changed) {
      return;
    }
    changed = false;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      Map<String, Entry> sorted = new TreeMap<>(entries);
      out.writeInt(sorted.size());
      for (Map.Entry<String, Entry> entry : sorted.entrySet()) {
        write(out, entry.getKey(), entry.getValue());
      }
    }
    byte[] body = bytes.toByteArray();
    bytes.writeBytes(Digester.digest(body).hash().bytes());
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.write(fresh, bytes.toByteArray());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private void read(byte[] bytes) throws IOException {
    int length = bytes.length - Sha256.BYTES;
    byte[] body = Arrays.copyOf(bytes, Math.max(0, length));
    byte[] sum = Arrays.copyOfRange(bytes, Math.max(0, length), bytes.length);
    if (length < 0 || !Arrays.equals(sum, Digester.digest(body).hash().bytes())) {
      throw new NoSuchFileException(file.toString());
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
    if (in.readInt() != VERSION) {
      return;
    }
    for (int left = in.readInt(); left > 0; left--) {
      read(in);
    }
  }

  private static void write(DataOutputStream out, String path, Entry entry) throws IOException {
    FileStamp stamp = entry.stamp;
    out.writeUTF(path);
    out.writeLong(stamp.device());
    out.writeLong(stamp.inode());
    out.writeLong(stamp.size());
    out.writeLong(stamp.modified());
    out.writeLong(stamp.changed());
    out.writeBoolean(stamp.executable());
    out.write(entry.digest.hash().bytes());
  }

  private void read(DataInputStream in) throws IOException {
    String path = in.readUTF();
    FileStamp stamp =
        new FileStamp(
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readBoolean());
    Digest digest = new Digest(Sha256.of(in.readNBytes(Sha256.BYTES)), stamp.size());
    entries.put(path, new Entry(stamp, digest));
  }
}
