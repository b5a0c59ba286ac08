package dev.athanor.engine.diff;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Makes data of streams: in memory while they are small, in a temporary file otherwise. Takes only
/// so many bytes in all, since a few of them may inflate to any number.
final class Spool {
  private static final int IN_MEMORY = 1 << 20;
  private static final int BUFFER = 64 * 1024;

  private final Path folder;
  private long left;

  /// @param folder of the temporary files, made when the first one is
  Spool(Path folder, long limit) {
    this.folder = folder;
    this.left = limit;
  }

  /// All that is left in `in`, which stays open.
  ///
  /// @throws DamagedException when it is more than may be taken
  /// @throws StorageException when it cannot be kept
  Data take(InputStream in) throws IOException {
    byte[] head = new byte[BUFFER];
    int length = 0;
    while (length < IN_MEMORY) {
      if (length == head.length) {
        head = Arrays.copyOf(head, 2 * length);
      }
      int n = in.read(head, length, head.length - length);
      if (n < 0) {
        return Data.of(Arrays.copyOf(head, length));
      }
      count(n);
      length += n;
    }
    return file(head, length, in);
  }

  private Data file(byte[] head, int length, InputStream in) throws IOException {
    FileChannel file = newFile();
    try {
      write(file, head, length);
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count(n);
        write(file, buffer, n);
      }
      return new FileData(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Its name goes at once, so that nothing is left behind however this process ends.
  private FileChannel newFile() throws StorageException {
    try {
      Files.createDirectories(folder);
      Path path = Files.createTempFile(folder, "athanor", ".diff");
      try {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  private static void write(FileChannel file, byte[] bytes, int length) throws StorageException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  private void count(int bytes) throws DamagedException {
    left -= bytes;
    if (left < 0) {
      throw new DamagedException("unpacks to more bytes than anybody wants to compare");
    }
  }
}
