package dev.athanor.engine.diff;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Bytes that can be read from any place and more than once: a file, the inside of one, or some
/// bytes in the middle. Not safe for use by several threads.
public interface Data extends AutoCloseable {
  Data EMPTY = of(new byte[0]);

  long size();

  /// Reads some bytes, at least one, from `at` on, which lies before the end.
  int read(long at, byte[] into, int offset, int length) throws IOException;

  /// Ends what was made for these bytes alone. Data that are part of others end with those.
  @Override
  default void close() throws IOException {}

  /// `length` bytes from `at` on.
  ///
  /// @throws DamagedException when there are not so many
  default byte[] bytes(long at, int length) throws IOException {
    check(at, length);
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      done += read(at + done, bytes, done, length - done);
    }
    return bytes;
  }

  /// The first bytes, as many of `length` as there are.
  default byte[] head(int length) throws IOException {
    return bytes(0, (int) Math.min(length, size()));
  }

  /// Whether they begin with those.
  default boolean startsWith(byte[] magic) throws IOException {
    return Arrays.equals(head(magic.length), magic);
  }

  /// All bytes of what is known to be small.
  ///
  /// @throws DamagedException when there are more than `limit`
  default byte[] all(int limit) throws IOException {
    if (size() > limit) {
      throw new DamagedException("more than " + limit + " bytes");
    }
    return bytes(0, (int) size());
  }

  /// Some of the bytes, without copying any.
  ///
  /// @throws DamagedException when there are not so many
  default Data slice(long at, long length) throws DamagedException {
    check(at, length);
    return new Slice(this, at, length);
  }

  /// The bytes from `at` on.
  ///
  /// @throws DamagedException when they end before that
  default Data from(long at) throws DamagedException {
    return slice(at, size() - at);
  }

  /// A stream of all bytes, without a buffer.
  default InputStream open() {
    return new DataInput(this);
  }

  private void check(long at, long length) throws DamagedException {
    if (at < 0 || length < 0 || at > size() || length > size() - at) {
      throw new DamagedException("ends before byte " + at + " + " + length);
    }
  }

  static Data of(byte[] bytes) {
    return new InMemory(bytes);
  }

  /// Part of other data.
  final class Slice implements Data {
    private final Data whole;
    private final long start;
    private final long length;

    private Slice(Data whole, long start, long length) {
      this.whole = whole;
      this.start = start;
      this.length = length;
    }

    @Override
    public long size() {
      return length;
    }

    @Override
    public int read(long at, byte[] into, int offset, int count) throws IOException {
      return whole.read(start + at, into, offset, (int) Math.min(count, length - at));
    }
  }

  /// Bytes on the heap.
  final class InMemory implements Data {
    private final byte[] bytes;

    private InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      int count = (int) Math.min(length, bytes.length - at);
      System.arraycopy(bytes, (int) at, into, offset, count);
      return count;
    }
  }
}
