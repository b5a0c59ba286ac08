package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digester;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// The plain bytes of a tar on their way through: counted, and copied to a pack.
final class TarInput {
  private final ReadAhead in;
  private final OutputStream pack;

  private ReadAhead.@Nullable Piece piece;
  private byte[] buffer = new byte[0];
  private int at;
  private int end;
  private long readBytes;

  TarInput(ReadAhead in, OutputStream pack) {
    this.in = in;
    this.pack = pack;
  }

  /// Where in the tar the next byte is.
  long position() {
    return readBytes - (end - at);
  }

  /// Fills `block`; false when the tar has ended already.
  boolean block(byte[] block) throws IOException {
    int done = 0;
    while (done < block.length) {
      if (!fill()) {
        if (done > 0) {
          throw new EOFException("ends inside a header");
        }
        return false;
      }
      int n = Math.min(end - at, block.length - done);
      System.arraycopy(buffer, at, block, done, n);
      at += n;
      done += n;
    }
    return true;
  }

  /// Takes `length` bytes and digests them.
  void digest(long length, Digester digester) throws IOException {
    take(length, digester::update);
  }

  void skip(long length) throws IOException {
    take(length, (_, _, _) -> {});
  }

  /// Takes `length` bytes and hands them to `sink` in pieces.
  void take(long length, Sink sink) throws IOException {
    long left = length;
    while (left > 0) {
      if (!fill()) {
        throw new EOFException("ends early: " + left + " more bytes expected");
      }
      int n = (int) Math.min(left, end - at);
      sink.accept(buffer, at, n);
      at += n;
      left -= n;
    }
  }

  /// Reads to the end; whether any byte other than zero was there.
  boolean drain() throws IOException {
    boolean found = false;
    while (fill()) {
      for (; at < end; at++) {
        found |= buffer[at] != 0;
      }
    }
    return found;
  }

  /// Gets pieces of what is read.
  interface Sink {
    void accept(byte[] bytes, int offset, int length) throws IOException;
  }

  /// Whether a byte is at hand.
  private boolean fill() throws IOException {
    if (at < end) {
      return true;
    }
    piece = in.next(piece);
    at = 0;
    end = 0;
    if (piece != null) {
      buffer = piece.bytes();
      end = piece.length();
      readBytes += end;
      pack.write(buffer, 0, end);
    }
    return end > 0;
  }
}
