package dev.athanor.oci.registry;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.LongConsumer;

/// The body of a request, which can be sent again from its start.
interface Payload {
  long size();

  InputStream open() throws IOException;

  static Payload of(byte[] bytes) {
    return new Payload() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /// @param moved hears of every piece on its way out
  static BodyPublisher publisher(Payload payload, LongConsumer moved) {
    if (payload.size() == 0) {
      return BodyPublishers.noBody();
    }
    BodyPublisher stream =
        BodyPublishers.ofInputStream(() -> {
          try {
            return new Counting(payload.open(), moved);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return BodyPublishers.fromPublisher(stream, payload.size());
  }

  /// Tells of each read.
  final class Counting extends FilterInputStream {
    private final LongConsumer moved;

    private Counting(InputStream in, LongConsumer moved) {
      super(in);
      this.moved = moved;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      if (b >= 0) {
        moved.accept(1);
      }
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      if (n > 0) {
        moved.accept(n);
      }
      return n;
    }
  }
}
