package dev.athanor.engine.digest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Computes one digest over bytes that arrive in pieces. Not safe for use by several threads.
public final class Digester {
  private static final int BUFFER_BYTES = 64 * 1024;

  /// From so many bytes on, it pays to have them digested by what is fast with many.
  private static final int MANY = 16 * 1024;

  /// What has arrived as long as that is little: nobody knows yet how much it will be.
  private byte[] head = {};

  private int headLength;
  private @Nullable Hash hash;
  private long size;

  /// The digest of `bytes`.
  public static Digest digest(byte[] bytes) {
    Hash hash = bytes.length < MANY ? Hash.small() : Hash.large();
    hash.update(bytes, 0, bytes.length);
    return new Digest(Sha256.of(hash.finish()), bytes.length);
  }

  /// 64 bits that stand for `text` where a whole digest would be too long to keep.
  public static long fingerprint(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8)).hash().word0();
  }

  /// The digest of all that is left in `in`, which stays open.
  public static Digest digest(InputStream in) throws IOException {
    Digester digester = new Digester();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digester.update(buffer, 0, n);
    }
    return digester.finish();
  }

  public void update(byte[] bytes, int offset, int length) {
    size += length;
    if (size < MANY) {
      reserve(length);
      System.arraycopy(bytes, offset, head, headLength, length);
      headLength += length;
    } else {
      large().update(bytes, offset, length);
    }
  }

  public void update(ByteBuffer bytes) {
    int length = bytes.remaining();
    size += length;
    if (size < MANY) {
      reserve(length);
      bytes.get(head, headLength, length);
      headLength += length;
    } else {
      large().update(bytes);
    }
  }

  private void reserve(int more) {
    if (head.length - headLength < more) {
      int twice = Math.max(2 * head.length, headLength + more);
      head = Arrays.copyOf(head, Math.min(MANY, twice));
    }
  }

  /// That for many bytes, with all that came before.
  private Hash large() {
    Hash large = hash;
    if (large == null) {
      large = Hash.large();
      hash = large;
    }
    if (headLength > 0) {
      large.update(head, 0, headLength);
      headLength = 0;
    }
    return large;
  }

  /// Bytes seen so far.
  public long size() {
    return size;
  }

  /// The digest of everything seen; the digester starts again from nothing.
  public Digest finish() {
    Hash all = hash;
    if (all == null || size < MANY) {
      all = Hash.small();
      all.update(head, 0, headLength);
      headLength = 0;
    }
    Digest digest = new Digest(Sha256.of(all.finish()), size);
    size = 0;
    return digest;
  }

  /// A stream that passes everything on to `out` and digests it on the way.
  public OutputStream tee(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        update(bytes, offset, length);
      }
    };
  }
}
