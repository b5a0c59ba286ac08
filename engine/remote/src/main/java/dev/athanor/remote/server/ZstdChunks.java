package dev.athanor.remote.server;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.google.bytestream.ReadResponse;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// The bytes of a blob in messages, compressed on the way.
final class ZstdChunks implements Pump.Source<ReadResponse> {
  /// As fast as a line of some gigabits.
  private static final int LEVEL = 1;

  private final InputStream in;
  private final Metrics metrics;
  private final ByteString.Output pending = ByteString.newOutput();
  private final OutputStream zstd;
  private boolean ended;

  /// @param in closed when this is
  ZstdChunks(InputStream in, Metrics metrics) throws IOException {
    this.in = in;
    this.metrics = metrics;
    this.zstd = new ZstdOutputStreamNoFinalizer(pending, LEVEL);
  }

  static byte[] compress(byte[] bytes) {
    return Zstd.compress(bytes, LEVEL);
  }

  /// No message is much larger than a chunk: what cannot be compressed does not grow either.
  @Override
  public Optional<ReadResponse> next() throws IOException {
    while (pending.size() == 0 && !ended) {
      byte[] bytes = in.readNBytes(Batches.CHUNK);
      if (bytes.length > 0) {
        zstd.write(bytes);
      } else {
        ended = true;
        zstd.close();
      }
    }
    if (pending.size() == 0) {
      return Optional.empty();
    }
    ByteString data = pending.toByteString();
    pending.reset();
    metrics.sent(data.size());
    return Optional.of(ReadResponse.newBuilder().setData(data).build());
  }

  @Override
  public void close() throws IOException {
    try (in) {
      zstd.close();
    }
  }
}
