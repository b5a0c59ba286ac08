package dev.athanor.engine.tls;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against what `openssl` writes.
final class PrivateKeyFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genrsa -traditional -out old 2048",
        "ecparam -name prime256v1 -genkey -out old",
        "ecparam -name secp521r1 -genkey -out old",
        "genpkey -algorithm ed25519 -out old",
      })
  void oldFormsAreTheSameKey(String command) throws Exception {
    Path old = folder.resolve("old");
    Path fresh = folder.resolve("fresh");
    Peer openssl = Peer.find("openssl");
    openssl.run(command.replace(" old", " " + old).split(" ", -1));
    openssl.run("pkcs8", "-topk8", "-nocrypt", "-in", old.toString(), "-out", fresh.toString());

    assertThat(text(PrivateKeyFile.read(old))).isEqualTo(text(PrivateKeyFile.read(fresh)));
  }

  /// Keys on curves may or may not bring their public halves along.
  private static String text(PrivateKey key) {
    return key instanceof ECPrivateKey ec
        ? ec.getParams() + " " + ec.getS()
        : key.getFormat() + " " + HexFormat.of().formatHex(key.getEncoded());
  }

  @Test
  void theOldFormsAreWhatIsTested() throws Exception {
    Path old = folder.resolve("old");
    Peer.find("openssl").run("genrsa", "-traditional", "-out", old.toString(), "2048");
    assertThat(Files.readString(old)).startsWith("-----BEGIN RSA PRIVATE KEY-----");

    Peer.find("openssl").run("ecparam", "-name", "prime256v1", "-genkey", "-out", old.toString());
    assertThat(Files.readString(old)).contains("-----BEGIN EC PRIVATE KEY-----");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genrsa -traditional -aes256 -passout pass:hidden -out key 2048",
        "genrsa -aes256 -passout pass:hidden -out key 2048",
      })
  void password_saysHowToConvert(String command) throws Exception {
    Path key = folder.resolve("key");
    Peer.find("openssl").run(command.replace(" key", " " + key).split(" ", -1));

    var e = assertThrows(UserException.class, () -> PrivateKeyFile.read(key));

    assertThat(e).hasMessageThat().contains(key + " holds no private key that can be read without");
    assertThat(e.hint().orElse("")).contains("openssl pkey -in " + key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA ", "EC ", ""})
  void damage_isToldWithoutTheContent(String form) throws Exception {
    Path key = folder.resolve("key");
    Files.writeString(
        key,
        "-----BEGIN " + form + "PRIVATE KEY-----\nMAoCAQ==\n-----END " + form + "PRIVATE KEY-----");

    var e = assertThrows(UserException.class, () -> PrivateKeyFile.read(key));

    assertThat(e).hasMessageThat().startsWith(key + " holds a ");
    assertThat(e.toString() + e.hint()).doesNotContain("MAoCAQ");
  }

  @Test
  void missing() {
    var e = assertThrows(UserException.class, () -> PrivateKeyFile.read(folder.resolve("none")));

    assertThat(e).hasMessageThat().isEqualTo("cannot read the private key " + folder + "/none");
  }
}
