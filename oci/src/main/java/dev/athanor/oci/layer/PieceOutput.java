package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Cuts what is written to it into pieces of fixed size, compresses them on several threads, and
/// passes them on in order: the bytes do not depend on the number of threads. At most two pieces
/// for each thread are held at a time.
///
/// A piece that an earlier layer has is copied from there: its digest takes a tenth of the time
/// that compressing it takes.
final class PieceOutput extends OutputStream {
  private final Compression compression;
  private final OutputStream out;
  private final @Nullable EarlierLayer earlier;
  private final int limit;
  private final ExecutorService executor;
  private final Queue<PieceCodec> idle = new ConcurrentLinkedQueue<>();
  private final Deque<Piece> spare = new ArrayDeque<>();
  private final Deque<Future<Piece>> running = new ArrayDeque<>();
  private final List<PackedPiece> written = new ArrayList<>();
  private long passedOn;

  private Piece piece;

  /// @param out gets the compressed bytes, on the thread that writes to this stream; stays open
  /// @param earlier where pieces may be found; null when nobody will ask for [#written()]
  /// @throws LayerException when this platform lacks the pinned encoder
  PieceOutput(
      Compression compression, OutputStream out, int threads, @Nullable EarlierLayer earlier) {
    this.compression = compression;
    this.out = out;
    this.earlier = earlier;
    this.limit = threads + 1;
    PieceCodec first = PieceCodec.open(compression);
    idle.add(first);
    this.piece = new Piece(first.bound(LayerFormat.PIECE_BYTES));
    this.executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("layer-", 0).factory());
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    while (length > 0) {
      if (piece.length == piece.plain.length) {
        submit();
      }
      int n = Math.min(length, piece.plain.length - piece.length);
      System.arraycopy(bytes, offset, piece.plain, piece.length, n);
      piece.length += n;
      offset += n;
      length -= n;
    }
  }

  /// Ends the piece, unless nothing is in it.
  void cut() throws IOException {
    if (piece.length > 0) {
      submit();
    }
  }

  /// Compresses and passes on all that is left.
  void finish() throws IOException {
    submit();
    while (!running.isEmpty()) {
      spare.push(passOn());
    }
  }

  /// The pieces that were passed on, in order.
  List<PackedPiece> written() {
    return List.copyOf(written);
  }

  /// Stops the threads; what was not finished is lost.
  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
    idle.forEach(PieceCodec::close);
  }

  private void submit() throws IOException {
    Piece full = piece;
    running.add(executor.submit(() -> pack(full)));
    if (running.size() >= limit) {
      spare.push(passOn());
    }
    piece = spare.isEmpty() ? new Piece(full.packed.length) : spare.pop();
    piece.length = 0;
  }

  private Piece pack(Piece full) throws IOException {
    if (earlier == null) {
      compress(full);
      return full;
    }
    Sha256 plain = hash(full.plain, full.length);
    PackedPiece known = earlier.find(plain);
    if (known != null && earlier.read(known, full.packed)) {
      full.packedLength = known.length();
      if (hash(full.packed, full.packedLength).equals(known.packed())) {
        full.source = known;
        return full;
      }
    }
    compress(full);
    full.source = new PackedPiece(plain, hash(full.packed, full.packedLength), 0, 0);
    return full;
  }

  private static Sha256 hash(byte[] bytes, int length) {
    Digester digester = new Digester();
    digester.update(bytes, 0, length);
    return digester.finish().hash();
  }

  private void compress(Piece full) {
    PieceCodec codec = idle.poll();
    if (codec == null) {
      codec = PieceCodec.open(compression);
    }
    full.packedLength = codec.compress(full.plain, full.length, full.packed);
    idle.add(codec);
  }

  private Piece passOn() throws IOException {
    try {
      Piece done = running.remove().get();
      out.write(done.packed, 0, done.packedLength);
      if (done.source != null) {
        written.add(
            new PackedPiece(
                done.source.plain(), done.source.packed(), passedOn, done.packedLength));
      }
      passedOn += done.packedLength;
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while a layer was compressed");
    } catch (ExecutionException e) {
      throw new IOException("a piece of a layer could not be compressed", e.getCause());
    }
  }

  private static final class Piece {
    final byte[] plain = new byte[LayerFormat.PIECE_BYTES];
    final byte[] packed;
    int length;
    int packedLength;

    /// The same piece in the earlier layer, or one that has only the hashes.
    @Nullable PackedPiece source;

    Piece(int bound) {
      packed = new byte[bound];
    }
  }
}
