package dev.athanor.engine.digest;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class Sha512Test {
  @Test
  void hex_isThatOfTheStandard() throws IOException {
    try (Sha512 sha512 = new Sha512()) {
      sha512.write('a');
      sha512.write("bc".getBytes(StandardCharsets.US_ASCII));

      assertThat(sha512.hex())
          .isEqualTo(
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                  + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }
  }
}
