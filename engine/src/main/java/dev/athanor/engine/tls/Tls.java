package dev.athanor.engine.tls;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Files in PEM form, read when the first connection is made.
///
/// @param authorities certificates to trust besides the JDK's
/// @param identities who the client is, for registries that ask; of several the one is shown whose
///   issuer a registry wants
public record Tls(List<Path> authorities, List<Identity> identities) {
  public static final Tls DEFAULT = new Tls(List.of(), List.of());

  public Tls {
    authorities = List.copyOf(authorities);
    identities = List.copyOf(identities);
  }

  /// The client's certificate chain and its key.
  public record Identity(Path certificates, Path key) {}

  /// The same, with more authorities.
  public Tls trusting(List<Path> more) {
    Set<Path> all = new LinkedHashSet<>(authorities);
    all.addAll(more);
    return new Tls(List.copyOf(all), identities);
  }

  /// A context for clients; nothing where the JDK's default will do.
  ///
  /// @param insecure whether a client takes every certificate
  /// @throws dev.athanor.engine.UserException when a file cannot be used
  public Optional<SSLContext> context(boolean insecure) {
    return TlsSetup.of(this, insecure);
  }

  /// What decides whom to trust.
  public TrustManager[] trust() {
    return TlsSetup.trust(this);
  }

  /// What proves who we are; empty where there is nothing.
  public KeyManager[] keys() {
    return TlsSetup.keys(this);
  }
}
