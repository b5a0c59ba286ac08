package dev.athanor.oci.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The plain bytes of a layer, as long as there are not unbelievably many for the size of its blob.
final class LimitedTar extends FilterInputStream {
  private final LayerBlob blob;
  private final Limits limits;
  private long size;

  LimitedTar(InputStream in, LayerBlob blob, Limits limits) {
    super(in);
    this.blob = blob;
    this.limits = limits;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    size += Math.max(0, n);
    if (size > limits.tarBytesFor(blob.size())) {
      throw new LayerException(
          "expands to more than "
              + limits.tarBytesFor(blob.size())
              + " bytes, which is not believed of "
              + blob.size());
    }
    return n;
  }
}
