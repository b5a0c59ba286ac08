package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.CapabilitiesGrpc;
import build.bazel.remote.execution.v2.GetCapabilitiesRequest;
import dev.athanor.engine.UserException;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both ports with certificates.
final class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path temp;
  private Identity server;
  private Identity client;

  /// A self-signed certificate and its key, as a store and as PEM files.
  private record Identity(KeyStore store, Path certificate, Path key) {
    static Identity create(Path folder, String name) throws Exception {
      Path file = folder.resolve(name + ".p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  name,
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "san=ip:127.0.0.1",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  new String(PASSWORD))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(keytool.waitFor()).isEqualTo(0);
      KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
      return new Identity(
          store,
          pem(
              folder.resolve(name + ".crt"),
              "CERTIFICATE",
              store.getCertificate(name).getEncoded()),
          pem(
              folder.resolve(name + ".key"),
              "PRIVATE KEY",
              store.getKey(name, PASSWORD).getEncoded()));
    }

    private static Path pem(Path file, String type, byte[] content) throws IOException {
      String body = Base64.getMimeEncoder().encodeToString(content);
      return Files.writeString(
          file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }

    KeyManager[] keys() throws GeneralSecurityException {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, PASSWORD);
      return factory.getKeyManagers();
    }
  }

  @BeforeEach
  void create() throws Exception {
    server = Identity.create(temp, "server");
    client = Identity.create(temp, "client");
  }

  private TestServer start(Optional<Path> authority) throws IOException {
    CacheServer.Tls tls = new CacheServer.Tls(server.certificate(), server.key(), authority);
    return TestServer.start(temp.resolve("cache"), config -> config.with(tls));
  }

  private void callGrpc(TestServer running, boolean withCertificate) throws Exception {
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder().trustManager(server.certificate().toFile());
    if (withCertificate) {
      credentials.keyManager(client.keys());
    }
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + running.server.grpcPort(), credentials.build())
            .build();
    try {
      var _ =
          CapabilitiesGrpc.newBlockingStub(channel)
              .getCapabilities(GetCapabilitiesRequest.getDefaultInstance());
    } finally {
      var _ = channel.shutdownNow();
    }
  }

  private int callHttp(TestServer running, boolean withCertificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", server.store().getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(withCertificate ? client.keys() : null, trust.getTrustManagers(), null);
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      URI uri = URI.create("https://127.0.0.1:" + running.server.httpPort() + "/healthz");
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void bothPorts_speakTls() throws Exception {
    try (TestServer running = start(Optional.empty())) {
      callGrpc(running, false);
      assertThat(callHttp(running, false)).isEqualTo(200);
      // The plain client is not understood.
      assertThrows(StatusRuntimeException.class, () -> running.put(new byte[1]));
      assertThrows(IOException.class, () -> running.get("/healthz"));
    }
  }

  @Test
  void clientsNeedACertificate_whereAnAuthorityIsNamed() throws Exception {
    try (TestServer running = start(Optional.of(client.certificate()))) {
      callGrpc(running, true);
      assertThat(callHttp(running, true)).isEqualTo(200);
      assertThrows(StatusRuntimeException.class, () -> callGrpc(running, false));
      assertThrows(IOException.class, () -> callHttp(running, false));
    }
  }

  @Test
  void filesThatAreOfNoUse_areNamed() throws Exception {
    Path old = temp.resolve("old.key");
    Files.writeString(
        old, "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    for (CacheServer.Tls tls :
        List.of(
            new CacheServer.Tls(server.certificate(), old, Optional.empty()),
            new CacheServer.Tls(old, server.key(), Optional.empty()),
            new CacheServer.Tls(server.certificate(), server.key(), Optional.of(old)))) {
      UserException e =
          assertThrows(
              UserException.class,
              () -> TestServer.start(temp.resolve("cache"), config -> config.with(tls)));
      assertThat(e).hasMessageThat().contains(old.toString());
    }
  }
}
