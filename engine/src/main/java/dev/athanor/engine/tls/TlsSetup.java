package dev.athanor.engine.tls;

import dev.athanor.engine.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/// Turns PEM files into what TLS needs.
final class TlsSetup {
  private TlsSetup() {}

  /// A context, or nothing where the JDK's default will do.
  static Optional<SSLContext> of(Tls tls, boolean insecure) {
    if (!insecure && tls.equals(Tls.DEFAULT)) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          identify(tls),
          insecure ? new TrustManager[] {new TrustAll()} : trust(tls.authorities()),
          null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
  }

  static TrustManager[] trust(Tls tls) {
    try {
      return trust(tls.authorities());
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
  }

  static KeyManager[] keys(Tls tls) {
    try {
      return identify(tls);
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
  }

  private static UserException unusable(Exception e) {
    return new UserException("cannot use the TLS certificates: " + e.getMessage(), "", e);
  }

  private static TrustManager[] trust(List<Path> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager jdk) {
        for (X509Certificate certificate : jdk.getAcceptedIssuers()) {
          store.setCertificateEntry("jdk-" + store.size(), certificate);
        }
      }
    }
    for (Path file : authorities) {
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("own-" + store.size(), certificate);
      }
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] identify(Tls tls) throws GeneralSecurityException, IOException {
    if (tls.identities().isEmpty()) {
      return new KeyManager[0];
    }
    char[] noPassword = new char[0];
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Tls.Identity identity : tls.identities()) {
      addIdentity(identity, store, noPassword);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, noPassword);
    return factory.getKeyManagers();
  }

  private static void addIdentity(Tls.Identity identity, KeyStore store, char[] password) {
    PrivateKey key = PrivateKeyFile.read(identity.key());
    try {
      store.setKeyEntry(
          "client-" + store.size(),
          key,
          password,
          certificates(identity.certificates()).toArray(Certificate[]::new));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UserException(
          identity.key() + " is not the key of " + identity.certificates(), "", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file) {
    Collection<? extends Certificate> certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UserException(
          "cannot read the certificate " + file, "check its path and who may read it", e);
    } catch (GeneralSecurityException e) {
      throw new UserException(file + " is no certificate", "it must be in PEM form", e);
    }
    if (certificates.isEmpty()) {
      throw new UserException(file + " holds no certificate", "it must be in PEM form");
    }
    return certificates;
  }

  /// For registries the user declared insecure. Extending the extended class also turns off the
  /// check of the host name.
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
