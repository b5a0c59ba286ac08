package dev.athanor.engine.digest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// One way to compute SHA-256 over bytes that arrive in pieces.
interface Hash {
  void update(byte[] bytes, int offset, int length);

  void update(ByteBuffer bytes);

  /// The 32 bytes of the value; it starts again from nothing.
  byte[] finish();

  /// For few bytes.
  static Hash small() {
    return new OfJdk();
  }

  /// For many bytes: that of OpenSSL where it is installed, which is as fast in a process that has
  /// just started as in one that has run for long.
  static Hash large() {
    return OpenSsl.isThere() ? new OpenSsl() : new OfJdk();
  }

  /// That of the JDK.
  final class OfJdk implements Hash {
    private final MessageDigest sha256 = create();

    @Override
    public void update(byte[] bytes, int offset, int length) {
      sha256.update(bytes, offset, length);
    }

    @Override
    public void update(ByteBuffer bytes) {
      sha256.update(bytes);
    }

    @Override
    public byte[] finish() {
      return sha256.digest();
    }

    private static MessageDigest create() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
      }
    }
  }
}
