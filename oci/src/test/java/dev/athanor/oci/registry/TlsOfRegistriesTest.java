package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.testing.TestCertificate;
import dev.athanor.engine.tls.Tls;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom a client trusts and to whom it shows its certificate, where registries differ in that.
final class TlsOfRegistriesTest {
  private static final Digest BLOB = Digester.digest("x".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path folder;
  private TestCertificate certificate;
  private Server first;
  private Server second;

  /// A server that asks for a client's certificate and is content without one.
  private static final class Server implements AutoCloseable {
    private final HttpsServer https;
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private volatile String redirect = "";

    Server(TestCertificate certificate) throws IOException {
      https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      SSLContext context =
          new Tls(
                  List.of(certificate.clientCertificate()),
                  List.of(new Tls.Identity(certificate.certificate(), certificate.key())))
              .context(false)
              .orElseThrow();
      https.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              var wanting = getSSLContext().getDefaultSSLParameters();
              wanting.setWantClientAuth(true);
              parameters.setSSLParameters(wanting);
            }
          });
      https.createContext(
          "/",
          exchange -> {
            clients.add(client((HttpsExchange) exchange));
            if (!redirect.isEmpty()) {
              exchange.getResponseHeaders().set("Location", redirect);
            }
            exchange.sendResponseHeaders(redirect.isEmpty() ? 200 : 307, -1);
            exchange.close();
          });
      https.start();
    }

    private static String client(HttpsExchange exchange) {
      try {
        return exchange.getSSLSession().getPeerPrincipal().getName();
      } catch (SSLPeerUnverifiedException e) {
        return "nobody";
      }
    }

    String host() {
      return "localhost:" + https.getAddress().getPort();
    }

    @Override
    public void close() {
      https.stop(0);
    }
  }

  @BeforeEach
  void start() throws Exception {
    certificate = TestCertificate.create(folder);
    first = new Server(certificate);
    second = new Server(certificate);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private Tls known() {
    return new Tls(List.of(certificate.authority()), List.of(certificate.clientIdentity()));
  }

  private Tls onlyFirst(String registry) {
    return registry.equals(first.host()) ? known() : Tls.DEFAULT;
  }

  private static boolean ask(Server server, Function<String, Tls> tls) throws IOException {
    try (RegistryClient client =
        new RegistryClient(RegistryConfig.DEFAULT.withTlsOf(tls), Credentials.ANONYMOUS)) {
      return client.hasBlob(new Repository(server.host(), "a"), BLOB);
    }
  }

  @Test
  void certificateIsShown_whereItIsMeantToBe() throws IOException {
    assertThat(ask(first, this::onlyFirst)).isTrue();
    assertThat(first.clients).containsExactly("CN=client");
  }

  @Test
  void otherRegistries_areNotTrusted() {
    assertThrows(RegistryException.class, () -> ask(second, this::onlyFirst));
    assertThat(second.clients).isEmpty();
  }

  @Test
  void redirectTarget_isTrustedButNotShownTheCertificate() throws IOException {
    first.redirect = "https://" + second.host() + "/elsewhere";

    assertThat(ask(first, this::onlyFirst)).isTrue();
    assertThat(first.clients).containsExactly("CN=client");
    assertThat(second.clients).containsExactly("nobody");
  }

  @Test
  void redirectTarget_withACertificateOfItsOwn_isShownThat() throws IOException {
    first.redirect = "https://" + second.host() + "/elsewhere";

    assertThat(ask(first, registry -> known())).isTrue();
    assertThat(second.clients).containsExactly("CN=client");
  }

  @Test
  void onePairOfMany_isChosen() throws IOException {
    Tls.Identity other = new Tls.Identity(certificate.certificate(), certificate.key());
    Tls both =
        new Tls(List.of(certificate.authority()), List.of(other, certificate.clientIdentity()));

    assertThat(ask(first, registry -> both)).isTrue();
    assertThat(first.clients).containsExactly("CN=client");
  }

  @Test
  void unusableFiles_areNamed() throws IOException {
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");

    var e =
        assertThrows(
            UserException.class,
            () -> ask(first, registry -> new Tls(List.of(nonsense), List.of())));
    assertThat(e).hasMessageThat().contains(nonsense.toString());

    e =
        assertThrows(
            UserException.class,
            () -> ask(first, registry -> new Tls(List.of(folder.resolve("none")), List.of())));
    assertThat(e)
        .hasMessageThat()
        .isEqualTo("cannot read the certificate " + folder.resolve("none"));

    e =
        assertThrows(
            UserException.class,
            () ->
                ask(
                    first,
                    registry ->
                        new Tls(
                            List.of(certificate.authority()),
                            List.of(new Tls.Identity(certificate.clientCertificate(), nonsense)))));
    assertThat(e).hasMessageThat().contains(nonsense + " holds no private key");
  }
}
