package dev.athanor.remote.server;

import com.google.protobuf.ByteString;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/// A blob that comes in, in one stream or in several, each of which goes on where the one before
/// was cut. Not safe for use by several threads.
final class Upload implements Closeable {
  private final Digest digest;
  private final boolean zstd;
  private final BlobWriter writer;
  private final OutputStream sink;
  private long received;

  Upload(ResourceName name, BlobWriter writer) {
    this.digest = name.digest();
    this.zstd = name.zstd();
    this.writer = writer;
    this.sink = zstd ? new ZstdSink(writer, digest.size()) : writer;
  }

  /// Whether it comes compressed: then it cannot be continued, for nobody knows where.
  boolean zstd() {
    return zstd;
  }

  /// How many bytes have come, as they were on the line.
  long received() {
    return received;
  }

  void write(ByteString data) throws IOException {
    received += data.size();
    if (!zstd && received > digest.size()) {
      throw new IllegalArgumentException("the blob is larger than its digest says");
    }
    data.writeTo(sink);
  }

  /// @throws dev.athanor.engine.cas.CorruptBlobException when something else has come
  void commit() throws IOException {
    writer.commit(digest);
  }

  @Override
  public void close() throws IOException {
    try (writer) {
      sink.close();
    }
  }
}
