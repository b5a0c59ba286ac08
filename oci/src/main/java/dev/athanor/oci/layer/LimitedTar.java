package dev.athanor.oci.layer;

import java.io.IOException;
import java.io.InputStream;

/// The plain bytes of a layer, as long as there are not unbelievably many for the size of its blob.
final class LimitedTar extends BulkInput {
  private final InputStream in;
  private final LayerBlob blob;
  private final Limits limits;
  private long size;

  LimitedTar(InputStream in, LayerBlob blob, Limits limits) {
    this.in = in;
    this.blob = blob;
    this.limits = limits;
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
