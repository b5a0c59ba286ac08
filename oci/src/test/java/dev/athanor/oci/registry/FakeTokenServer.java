package dev.athanor.oci.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.engine.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// A token server as Docker's token specification describes it: signs tokens that the real registry
/// accepts.
final class FakeTokenServer implements AutoCloseable {
  private final HttpServer server;
  private final TestCertificate certificate;
  private final String login;
  private final List<String> scopesAsked = new CopyOnWriteArrayList<>();

  private FakeTokenServer(HttpServer server, TestCertificate certificate, String login) {
    this.server = server;
    this.certificate = certificate;
    this.login = login;
  }

  static FakeTokenServer start(TestCertificate certificate, String user, String password)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String login =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    FakeTokenServer tokens = new FakeTokenServer(server, certificate, "Basic " + login);
    server.createContext("/token", tokens::handle);
    server.start();
    return tokens;
  }

  /// The scopes of every token asked for, sorted.
  List<String> scopesAsked() {
    return List.copyOf(scopesAsked);
  }

  String registryConfig() {
    return """
    auth:
      token:
        realm: http://127.0.0.1:%d/token
        service: real
        issuer: test
        rootcertbundle: %s
    """
        .formatted(server.getAddress().getPort(), certificate.certificate());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              Request.text(exchange.getRequestURI().getRawQuery()),
              exchange.getRequestHeaders());
      boolean known = login.equals(exchange.getRequestHeaders().getFirst("Authorization"));
      List<String> scopes = request.parameters("scope");
      scopesAsked.add(new TreeSet<>(scopes).toString());
      byte[] body =
          ("{\"token\":\"" + token(known ? scopes : List.of()) + "\"}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private String token(List<String> scopes) throws GeneralSecurityException, IOException {
    long now = System.currentTimeMillis() / 1000;
    JsonObject header = new JsonObject();
    header.addProperty("typ", "JWT");
    header.addProperty("alg", "ES256");
    JsonArray chain = new JsonArray();
    chain.add(pem(certificate.certificate()));
    header.add("x5c", chain);
    JsonObject claims = new JsonObject();
    claims.addProperty("iss", "test");
    claims.addProperty("sub", "me");
    claims.addProperty("aud", "real");
    claims.addProperty("exp", now + 300);
    claims.addProperty("nbf", now - 10);
    claims.addProperty("iat", now);
    claims.addProperty("jti", "x" + System.nanoTime());
    claims.add("access", access(scopes));
    String signed = encode(header) + "." + encode(claims);
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + url(signature.sign());
  }

  private static JsonArray access(List<String> scopes) {
    JsonArray access = new JsonArray();
    for (String scope : scopes) {
      List<String> parts = List.of(scope.split(":", -1));
      JsonObject entry = new JsonObject();
      entry.addProperty("type", parts.get(0));
      entry.addProperty("name", parts.get(1));
      JsonArray actions = new JsonArray();
      List.of(parts.get(2).split(",", -1)).forEach(actions::add);
      entry.add("actions", actions);
      access.add(entry);
    }
    return access;
  }

  private PrivateKey key() throws GeneralSecurityException, IOException {
    byte[] encoded = Base64.getDecoder().decode(pem(certificate.key()));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static String pem(Path file) throws IOException {
    return Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
  }

  private static String encode(JsonObject json) {
    return url(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
