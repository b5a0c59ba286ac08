package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/// What users get to read.
final class RegistryExceptionTest {
  @Test
  void plainHttpWhereTlsIsWanted() {
    var e = network(new SSLException("Unsupported or unrecognized SSL message"));

    assertThat(e.hint())
        .hasValue(
            "the registry speaks plain HTTP; if that is intended, use --insecure-registry q.io");
  }

  @Test
  void untrustedCertificate() {
    var e = network(new SSLException("PKIX path building failed"));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("cannot pull q.io/a:1: no secure connection to q.io: PKIX path building failed");
    assertThat(e.hint().orElse("")).contains("CA certificate");
  }

  @Test
  void refused() {
    assertThat(network(new ConnectException()))
        .hasMessageThat()
        .isEqualTo("cannot pull q.io/a:1: connection to q.io refused");
  }

  @Test
  void silent() {
    assertThat(network(new HttpTimeoutException("x")))
        .hasMessageThat()
        .isEqualTo("cannot pull q.io/a:1: q.io stopped answering");
  }

  @Test
  void noSuchHost() {
    try (RegistryClient client =
        new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      Reference reference = Reference.parse("no-such-host.invalid/a:1");

      var e = assertThrows(RegistryException.class, () -> client.document(reference));

      assertThat(e)
          .hasMessageThat()
          .isEqualTo("cannot pull no-such-host.invalid/a:1: no such host: no-such-host.invalid");
    }
  }

  @Test
  void notHttpAtAll() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> greet(server));
      RegistryConfig config =
          RegistryConfig.DEFAULT.withPacer(new FakePacer()).withStall(Duration.ofSeconds(1));
      try (RegistryClient client = new RegistryClient(config, Credentials.ANONYMOUS)) {
        Reference reference = Reference.parse("127.0.0.1:" + server.getLocalPort() + "/a:1");

        var e = assertThrows(RegistryException.class, () -> client.document(reference));

        assertThat(e)
            .hasMessageThat()
            .startsWith(
                "cannot pull "
                    + reference
                    + ": connection to 127.0.0.1:"
                    + server.getLocalPort()
                    + " failed");
      }
    }
  }

  @Test
  void neitherTagNorDigest() {
    try (RegistryClient client =
        new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      var e =
          assertThrows(RegistryException.class, () -> client.document(Reference.parse("q.io/a")));

      assertThat(e.hint()).hasValue("add @sha256:… or :tag");
      assertThat(client.traffic().requests()).isEqualTo(0);
    }
  }

  @Test
  void digestThatCannotBeVerified_isRefusedBeforeAsking() {
    try (RegistryClient client =
        new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      Reference reference = Reference.parse("q.io/a@sha512:" + "0".repeat(128));

      assertThrows(dev.athanor.engine.UserException.class, () -> client.document(reference));
      assertThat(client.traffic().requests()).isEqualTo(0);
    }
  }

  @Test
  void insecureRegistry_mayBePlain_withoutBeingLoopback() throws IOException {
    try (FakeRegistry registry = FakeRegistry.start()) {
      SampleImage image = SampleImage.of(1, 10);
      image.into(registry, "a", "1");
      // The same server, by a name that is not one of the loopback's.
      Repository repository = new Repository(registry.host().replace("127.0.0.1", "0.0.0.0"), "a");
      RegistryConfig config = RegistryConfig.DEFAULT.withInsecure(repository.registry()::equals);
      try (RegistryClient client = new RegistryClient(config, Credentials.ANONYMOUS)) {
        client.pullBlobs(repository, image.manifest().layers(), new MemoryBlobStore());
        client.document(repository.tag("1"));
      }
      assertThat(registry.requests()).hasSize(2);
    }
  }

  private static RegistryException network(IOException cause) {
    return RegistryException.network("pull q.io/a:1", "q.io", cause);
  }

  private static void greet(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write("SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // The test is over.
      }
    }
  }
}
