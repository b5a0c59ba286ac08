package dev.athanor.oci.layer;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/// Reads gzip of any number of members. Whatever follows the last member and is no member itself is
/// tolerated and read to its end, so that a digest below sees it.
///
/// The JDK's own stream gives up on such bytes silently and early, and on some damaged members too.
final class GzipInput extends BulkInput {
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int HAS_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  private int at;
  private int end;
  private boolean finished;
  private boolean foreign;

  GzipInput(InputStream in) throws IOException {
    this.in = in;
    header();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      while (!finished && length > 0) {
        int n = inflater.inflate(bytes, offset, length);
        if (n > 0) {
          crc.update(bytes, offset, n);
          return n;
        }
        refill();
      }
      return length == 0 ? 0 : -1;
    } catch (DataFormatException e) {
      throw new ZipException("damaged gzip: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  /// Whether there was something behind the last member.
  boolean hadForeignBytes() {
    return foreign;
  }

  private void refill() throws IOException {
    if (inflater.finished()) {
      at = end - inflater.getRemaining();
      trailer();
      nextMember();
    } else if (inflater.needsDictionary()) {
      throw new ZipException("damaged gzip: it asks for a dictionary");
    } else {
      fill();
      if (at == end) {
        throw new ZipException("gzip ends early");
      }
      inflater.setInput(buffer, at, end - at);
      at = end;
    }
  }

  private void nextMember() throws IOException {
    int first = next();
    if (first == MAGIC_1 && peek() == MAGIC_2) {
      at--;
      inflater.reset();
      crc.reset();
      header();
      return;
    }
    foreign = first >= 0;
    while (first >= 0) {
      at = end;
      first = next();
    }
    finished = true;
  }

  private void header() throws IOException {
    if (require() != MAGIC_1 || require() != MAGIC_2 || require() != 8) {
      throw new ZipException("not gzip");
    }
    int flags = require();
    skip(6);
    if ((flags & HAS_EXTRA) != 0) {
      skip(require() | require() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CRC) != 0) {
      skip(2);
    }
    inflater.setInput(buffer, at, end - at);
    at = end;
  }

  private void trailer() throws IOException {
    long expectedCrc = littleEndian();
    long expectedLength = littleEndian();
    if (expectedCrc != crc.getValue()) {
      throw new ZipException("damaged gzip: checksum mismatch");
    }
    if (expectedLength != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new ZipException("damaged gzip: length mismatch");
    }
  }

  private long littleEndian() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) require() << shift;
    }
    return value;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      require();
    }
  }

  private void skipText() throws IOException {
    while (require() != 0) {}
  }

  private int require() throws IOException {
    int b = next();
    if (b < 0) {
      throw new ZipException("gzip ends early");
    }
    return b;
  }

  private int next() throws IOException {
    fill();
    return at == end ? -1 : buffer[at++] & 0xff;
  }

  /// The byte after the one just read, without taking it; -1 at the end. Keeps that one in the
  /// buffer.
  private int peek() throws IOException {
    if (at == end) {
      buffer[0] = buffer[at - 1];
      int n = in.read(buffer, 1, buffer.length - 1);
      at = 1;
      end = 1 + Math.max(0, n);
    }
    return at == end ? -1 : buffer[at] & 0xff;
  }

  private void fill() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer));
    }
  }
}
