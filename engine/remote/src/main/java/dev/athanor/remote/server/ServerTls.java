package dev.athanor.remote.server;

import dev.athanor.engine.UserException;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Turns PEM files into what both servers need.
final class ServerTls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final List<String> TYPES = List.of("EC", "RSA", "EdDSA");
  private static final char[] NO_PASSWORD = {};

  private final KeyManager[] keys;
  private final TrustManager @Nullable [] clients;

  private ServerTls(KeyManager[] keys, TrustManager @Nullable [] clients) {
    this.keys = keys;
    this.clients = clients;
  }

  /// @throws UserException that names the file, and never what is in it
  static ServerTls of(CacheServer.Tls files) {
    try {
      return new ServerTls(
          keys(files),
          files.clientAuthority().isPresent() ? trust(files.clientAuthority().get()) : null);
    } catch (GeneralSecurityException | IOException e) {
      throw new UserException("cannot use the TLS certificates: " + e.getMessage(), "", e);
    }
  }

  boolean wantsClients() {
    return clients != null;
  }

  /// For gRPC.
  ServerCredentials credentials() {
    TlsServerCredentials.Builder builder = TlsServerCredentials.newBuilder().keyManager(keys);
    if (clients != null) {
      builder.trustManager(clients).clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  /// For HTTP.
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, clients, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new UserException("cannot use the TLS certificates: " + e.getMessage(), "", e);
    }
  }

  private static KeyManager[] keys(CacheServer.Tls files)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    Certificate[] chain = certificates(files.certificate()).toArray(Certificate[]::new);
    PrivateKey key = key(files.key());
    if (!key.getAlgorithm().equals(chain[0].getPublicKey().getAlgorithm())) {
      throw new UserException(files.key() + " is not the key of " + files.certificate());
    }
    store.setKeyEntry("server", key, NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(Path authority) throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    for (Certificate certificate : certificates(authority)) {
      store.setCertificateEntry("client-" + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) {
    Collection<? extends Certificate> certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)));
    } catch (GeneralSecurityException e) {
      throw new UserException(file + " is no certificate", "it must be in PEM form", e);
    }
    if (certificates.isEmpty()) {
      throw new UserException(file + " holds no certificate", "it must be in PEM form");
    }
    return certificates;
  }

  private static PrivateKey key(Path file) {
    Matcher matcher = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (matcher.find()) {
      byte[] content = Base64.getMimeDecoder().decode(matcher.group(1));
      for (String type : TYPES) {
        try {
          return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (GeneralSecurityException e) {
          // Another type of key, then.
        }
      }
    }
    throw new UserException(
        file + " holds no private key in PKCS #8 form without a password",
        "convert it with: openssl pkey -in " + file + " -out NEW");
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserException("cannot read " + file, "check its path and who may read it", e);
    }
  }
}
