package dev.athanor.remote.server;

import com.google.bytestream.ReadResponse;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The bytes of a blob, or a part of them, in messages.
final class Chunks implements Pump.Source<ReadResponse> {
  private final InputStream in;
  private final Metrics metrics;
  private long left;

  /// @param in closed when this is
  /// @param limit how many bytes at most
  Chunks(InputStream in, long limit, Metrics metrics) {
    this.in = in;
    this.left = limit;
    this.metrics = metrics;
  }

  @Override
  public Optional<ReadResponse> next() throws IOException {
    byte[] bytes = in.readNBytes((int) Math.min(Batches.CHUNK, left));
    if (bytes.length == 0) {
      return Optional.empty();
    }
    left -= bytes.length;
    metrics.sent(bytes.length);
    return Optional.of(
        ReadResponse.newBuilder().setData(UnsafeByteOperations.unsafeWrap(bytes)).build());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
