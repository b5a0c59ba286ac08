package dev.athanor.engine.digest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Computes one digest over bytes that arrive in pieces. Not safe for use by several threads.
public final class Digester {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final MessageDigest sha256 = newSha256();
  private long size;

  /// The digest of `bytes`.
  public static Digest digest(byte[] bytes) {
    Digester digester = new Digester();
    digester.update(bytes, 0, bytes.length);
    return digester.finish();
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
    sha256.update(bytes, offset, length);
    size += length;
  }

  public void update(ByteBuffer bytes) {
    size += bytes.remaining();
    sha256.update(bytes);
  }

  /// Bytes seen so far.
  public long size() {
    return size;
  }

  /// The digest of everything seen; the digester starts again from nothing.
  public Digest finish() {
    Digest digest = new Digest(Sha256.of(sha256.digest()), size);
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

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
