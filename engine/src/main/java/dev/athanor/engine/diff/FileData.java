package dev.athanor.engine.diff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Bytes in a file.
final class FileData implements Data {
  private final FileChannel file;
  private final long size;

  /// @param file is closed with these data
  FileData(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  static FileData open(Path path) throws IOException {
    return new FileData(FileChannel.open(path, StandardOpenOption.READ));
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(long at, byte[] into, int offset, int length) throws IOException {
    try {
      int n = file.read(ByteBuffer.wrap(into, offset, length), at);
      if (n <= 0) {
        throw new IOException("a file became shorter while it was read");
      }
      return n;
    } catch (IOException e) {
      throw new StorageException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
