package dev.athanor.oci.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Where a registry is, and whether it speaks TLS.
///
/// A registry on the loopback is tried with plain HTTP first, one that the user declared insecure
/// with TLS first; whichever answers sensibly is kept. All others get TLS or nothing.
final class Endpoint {
  private final String registry;
  private final String host;
  private final boolean insecure;
  private volatile URI base;
  private volatile @Nullable URI other;
  private Instant quietUntil = Instant.MIN;

  private Endpoint(String registry, String host, boolean insecure, URI base, @Nullable URI other) {
    this.registry = registry;
    this.host = host;
    this.insecure = insecure;
    this.base = base;
    this.other = other;
  }

  static Endpoint of(String registry, RegistryConfig config) {
    String host = registry.equals("docker.io") ? "registry-1.docker.io" : registry;
    boolean insecure = config.insecure(registry);
    URI plain = URI.create("http://" + host);
    URI secure = URI.create("https://" + host);
    if (Hosts.isLoopback(host)) {
      return new Endpoint(registry, host, insecure, plain, secure);
    }
    return new Endpoint(registry, host, insecure, secure, insecure ? plain : null);
  }

  /// Nobody shall ask before `time`: what one transfer was told holds for all.
  synchronized void quietUntil(Instant time) {
    quietUntil = time.isAfter(quietUntil) ? time : quietUntil;
  }

  /// How long to wait before asking.
  synchronized Duration quiet(Instant now) {
    return now.isBefore(quietUntil) ? Duration.between(now, quietUntil) : Duration.ZERO;
  }

  /// As users write it.
  String registry() {
    return registry;
  }

  String host() {
    return host;
  }

  /// Whether a secure address is the registry's own.
  boolean isAt(URI uri) {
    return Hosts.sameOrigin(uri, URI.create("https://" + host));
  }

  URI base() {
    return base;
  }

  /// Whether any certificate will do.
  boolean insecure() {
    return insecure;
  }

  boolean isPlain() {
    return base.getScheme().equals("http");
  }

  /// The address to try when `base` does not speak our language.
  Optional<URI> alternative() {
    return Optional.ofNullable(other);
  }

  /// The registry answered sensibly at `address`: its scheme is settled.
  void settle(URI address) {
    base = address;
    other = null;
  }

  /// Whether the failure at `address` looks like the wrong scheme. A server that expects TLS may
  /// just hang up; one that expects none may wait for more.
  static boolean suggestsOtherScheme(URI address, IOException failure) {
    return address.getScheme().equals("http")
        ? !(failure instanceof ConnectException) && !(failure instanceof HttpTimeoutException)
        : failure instanceof SSLException
            || failure instanceof ConnectException
            || failure instanceof HttpTimeoutException;
  }

  /// As above, for servers that answer plain HTTP on a TLS port. An answer to `HEAD` has no text.
  static boolean suggestsOtherScheme(URI address, Reply reply) {
    return address.getScheme().equals("http")
        && reply.status() == 400
        && reply.header("Docker-Distribution-Api-Version").isEmpty()
        && (reply.body().length == 0
            || new String(reply.body(), StandardCharsets.UTF_8).contains("HTTPS"));
  }
}
