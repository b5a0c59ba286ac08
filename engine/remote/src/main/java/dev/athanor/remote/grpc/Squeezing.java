package dev.athanor.remote.grpc;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;

/// Tells by the beginning of a blob whether it can be made smaller: layers mostly cannot.
final class Squeezing {
  private static final int SAMPLE = 64 << 10;

  private Squeezing() {}

  static boolean pays(Digest digest, BlobStore from) throws IOException {
    byte[] sample;
    try (InputStream in = from.open(digest)) {
      sample = in.readNBytes(SAMPLE);
    }
    return Zstd.compress(sample, 1).length < sample.length - sample.length / 8;
  }
}
