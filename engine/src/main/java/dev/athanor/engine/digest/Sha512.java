package dev.athanor.engine.digest;

import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-512 of all that is written to it, for images of others that name blobs so; nothing of
/// Athanor's own does.
public final class Sha512 extends OutputStream {
  private final MessageDigest digest = create();

  @Override
  public void write(int b) {
    digest.update((byte) b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  /// The hash in lower-case digits; the next byte begins another one.
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-512", e);
    }
  }
}
