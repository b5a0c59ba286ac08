package dev.athanor.engine.testing;

import dev.athanor.engine.tls.Tls;
import java.io.IOException;
import java.nio.file.Path;

/// A certificate for `localhost`, its own authority, and one for a client: made by `openssl` for
/// one test.
public record TestCertificate(Path folder) {
  public static TestCertificate create(Path folder) throws IOException, InterruptedException {
    Peer openssl = Peer.find("openssl");
    TestCertificate made = new TestCertificate(folder);
    make(
        openssl, made.certificate(), made.key(), "localhost", "ec", "ec_paramgen_curve:prime256v1");
    make(
        openssl,
        made.clientCertificate(),
        made.clientKey(),
        "client",
        "rsa",
        "rsa_keygen_bits:2048");
    return made;
  }

  private static void make(
      Peer openssl, Path certificate, Path key, String name, String type, String option)
      throws IOException, InterruptedException {
    openssl.run(
        "req",
        "-x509",
        "-newkey",
        type,
        "-pkeyopt",
        option,
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString(),
        "-subj",
        "/CN=" + name,
        "-addext",
        "subjectAltName=DNS:" + name);
  }

  public Path certificate() {
    return folder.resolve("server.crt");
  }

  public Path key() {
    return folder.resolve("server.key");
  }

  /// Self-signed: it is its own authority.
  public Path authority() {
    return certificate();
  }

  public Path clientCertificate() {
    return folder.resolve("client.crt");
  }

  public Path clientKey() {
    return folder.resolve("client.key");
  }

  public Tls.Identity clientIdentity() {
    return new Tls.Identity(clientCertificate(), clientKey());
  }

  public String serverConfig() {
    return "tls: {certificate: " + certificate() + ", key: " + key() + "}";
  }

  public String serverConfigThatWantsClients() {
    return "tls: {certificate: "
        + certificate()
        + ", key: "
        + key()
        + ", clientcas: ["
        + clientCertificate()
        + "]}";
  }
}
