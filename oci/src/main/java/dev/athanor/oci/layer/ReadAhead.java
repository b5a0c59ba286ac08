package dev.athanor.oci.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Reads a stream on a thread of its own, a few pieces ahead of who wants them: decompression then
/// costs no time beside the digests.
final class ReadAhead implements AutoCloseable {
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int PIECES = 8;

  private final InputStream in;
  private final BlockingQueue<Piece> filled = new ArrayBlockingQueue<>(PIECES);
  private final BlockingQueue<Piece> empty = new ArrayBlockingQueue<>(PIECES);
  private final Thread reader;
  private boolean ended;
  private @Nullable Exception failure;
  private volatile boolean stopped;

  /// A stretch of the stream. Without bytes it is the end, or the reason why there is no more.
  static final class Piece {
    private final byte[] bytes = new byte[PIECE_BYTES];
    private int length;
    private @Nullable Exception failure;

    byte[] bytes() {
      return bytes;
    }

    int length() {
      return length;
    }
  }

  /// @param in read by another thread until [#next] has returned null or [#close] has returned
  ReadAhead(InputStream in) {
    this.in = in;
    for (int i = 0; i < PIECES - 1; i++) {
      empty.add(new Piece());
    }
    this.reader = Thread.ofPlatform().daemon().name("layer-read-ahead").start(this::run);
  }

  /// The next piece, or null at the end. A stream that failed does so again whenever it is asked.
  ///
  /// @param used a piece that the caller is done with
  @Nullable Piece next(@Nullable Piece used) throws IOException {
    try {
      if (used != null) {
        empty.put(used);
      }
      if (ended) {
        rethrow(failure);
        return null;
      }
      Piece piece = filled.take();
      ended = piece.length == 0;
      failure = piece.failure;
      rethrow(failure);
      return ended ? null : piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a layer was read");
    }
  }

  private static void rethrow(@Nullable Exception failure) throws IOException {
    if (failure instanceof IOException io) {
      throw io;
    } else if (failure instanceof RuntimeException other) {
      throw other;
    }
  }

  /// Stops reading; the stream is the caller's again. The reader is not interrupted, because that
  /// would close a file channel below it, and the caller may want to read the rest.
  @Override
  public void close() {
    stopped = true;
    empty.add(new Piece());
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        Piece piece = empty.take();
        if (stopped) {
          return;
        }
        fill(piece);
        more = piece.length > 0;
        filled.put(piece);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  private void fill(Piece piece) {
    piece.length = 0;
    try {
      while (piece.length < PIECE_BYTES) {
        int n = in.read(piece.bytes, piece.length, PIECE_BYTES - piece.length);
        if (n < 0) {
          return;
        }
        piece.length += n;
      }
    } catch (IOException | RuntimeException e) {
      // What came before it is lost: the layer is refused anyway.
      piece.length = 0;
      piece.failure = e;
    }
  }
}
