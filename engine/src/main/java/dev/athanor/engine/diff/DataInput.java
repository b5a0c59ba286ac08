package dev.athanor.engine.diff;

import java.io.IOException;
import java.io.InputStream;

/// Data as a stream.
final class DataInput extends InputStream {
  private final Data data;
  private long at;

  DataInput(Data data) {
    this.data = data;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == data.size()) {
      return -1;
    }
    int n = data.read(at, bytes, offset, length);
    at += n;
    return n;
  }

  @Override
  public long skip(long count) {
    long n = Math.clamp(count, 0, data.size() - at);
    at += n;
    return n;
  }
}
