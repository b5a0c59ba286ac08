package dev.athanor.oci.validate;

import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.digest.Sha512;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.codec.digest.Blake3;

/// The hash of all that is written to it, by one of the registered algorithms.
abstract sealed class ContentHash extends OutputStream {
  /// Empty when nobody here knows the algorithm.
  static Optional<ContentHash> of(String algorithm) {
    return switch (algorithm) {
      case "sha256" -> Optional.of(new OfSha256());
      case "sha512" -> Optional.of(new OfSha512());
      case "blake3" -> Optional.of(new OfBlake3());
      default -> Optional.empty();
    };
  }

  abstract String hex();

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  private static final class OfSha256 extends ContentHash {
    private final Digester digester = new Digester();

    @Override
    public void write(byte[] bytes, int offset, int length) {
      digester.update(bytes, offset, length);
    }

    @Override
    String hex() {
      return digester.finish().hex();
    }
  }

  private static final class OfSha512 extends ContentHash {
    private final Sha512 sha512 = new Sha512();

    @Override
    public void write(byte[] bytes, int offset, int length) {
      sha512.write(bytes, offset, length);
    }

    @Override
    String hex() {
      return sha512.hex();
    }
  }

  private static final class OfBlake3 extends ContentHash {
    private final Blake3 blake3 = Blake3.initHash();

    @Override
    public void write(byte[] bytes, int offset, int length) {
      blake3.update(bytes, offset, length);
    }

    @Override
    String hex() {
      return HexFormat.of().formatHex(blake3.doFinalize(32));
    }
  }
}
