package dev.athanor.engine.digest;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One digest, in however many pieces its bytes arrive and whoever computes it.
final class DigesterTest {
  private final Random random = new Random(7);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Digest ofJdk(byte[] bytes) {
    Hash hash = Hash.small();
    hash.update(bytes, 0, bytes.length);
    return new Digest(Sha256.of(hash.finish()), bytes.length);
  }

  @Test
  void knownValues() {
    assertThat(Digest.EMPTY.hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Digester.digest("abc".getBytes(UTF_8)).hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 16383, 16384, 16385, 65536, 3_000_000})
  void allWays_giveTheSame(int length) throws IOException {
    byte[] bytes = bytes(length);
    Digest expected = ofJdk(bytes);

    assertThat(Digester.digest(bytes)).isEqualTo(expected);
    assertThat(Digester.digest(new ByteArrayInputStream(bytes))).isEqualTo(expected);
    Digester digester = new Digester();
    // Twice: it starts again from nothing.
    for (int round = 0; round < 2; round++) {
      for (int at = 0; at < length; ) {
        int piece = Math.min(length - at, 1 + random.nextInt(round == 0 ? 5_000 : 50_000));
        if (random.nextBoolean()) {
          digester.update(bytes, at, piece);
        } else {
          ByteBuffer buffer = ByteBuffer.allocateDirect(piece).put(bytes, at, piece).flip();
          digester.update(buffer);
          assertThat(buffer.hasRemaining()).isFalse();
        }
        at += piece;
      }
      assertThat(digester.size()).isEqualTo(length);
      assertThat(digester.finish()).isEqualTo(expected);
    }
  }

  @Test
  void smallAfterLarge_andLargeAfterSmall() {
    Digester digester = new Digester();
    for (int length : List.of(20_000, 10, 0, 40_000, 16_384, 5)) {
      byte[] bytes = bytes(length);
      digester.update(bytes, 0, length);
      assertThat(digester.finish()).isEqualTo(ofJdk(bytes));
    }
  }

  @Test
  void openSsl_agreesWithTheJdk_inManyAtOnce() {
    assumeTrue(OpenSsl.isThere(), "no OpenSSL is installed");
    List<Hash> hashes = new ArrayList<>();
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = bytes(random.nextInt(5_000));
      OpenSsl hash = new OpenSsl();
      hash.update(bytes, 0, bytes.length / 2);
      hashes.add(hash);
      all.add(bytes);
    }
    System.gc();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = all.get(i);
      int half = bytes.length / 2;
      hashes.get(i).update(bytes, half, bytes.length - half);
      assertThat(Sha256.of(hashes.get(i).finish())).isEqualTo(ofJdk(bytes).hash());
    }
  }
}
