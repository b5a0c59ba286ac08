package dev.athanor.oci.registry;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Proxies as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them. Loopback is never proxied.
final class Proxies extends ProxySelector {
  private final @Nullable InetSocketAddress http;
  private final @Nullable InetSocketAddress https;
  private final List<String> exempt;

  private Proxies(
      @Nullable InetSocketAddress http, @Nullable InetSocketAddress https, List<String> exempt) {
    this.http = http;
    this.https = https;
    this.exempt = exempt;
  }

  /// Nothing when the environment names no proxy.
  static Optional<ProxySelector> of(Map<String, String> environment) {
    InetSocketAddress http = address(environment, "http_proxy");
    InetSocketAddress https = address(environment, "https_proxy");
    if (http == null && https == null) {
      return Optional.empty();
    }
    String exempt = value(environment, "no_proxy").toLowerCase(Locale.ROOT);
    return Optional.of(new Proxies(http, https, List.of(exempt.split("[,\\s]+"))));
  }

  @Override
  public List<Proxy> select(URI uri) {
    InetSocketAddress proxy = "https".equals(uri.getScheme()) ? https : http;
    boolean direct = proxy == null || isExempt(uri.getHost(), uri.getPort());
    return List.of(direct ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, proxy));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The request itself fails and tells.
  }

  private boolean isExempt(String host, int port) {
    if (Hosts.isLoopback(host)) {
      return true;
    }
    String name = host.toLowerCase(Locale.ROOT);
    for (String entry : exempt) {
      String suffix = entry.startsWith("*") ? entry.substring(1) : entry;
      boolean same = name.equals(suffix) || (name + ":" + port).equals(suffix);
      String domain = suffix.startsWith(".") ? suffix : "." + suffix;
      if (entry.equals("*") || same || (!suffix.isEmpty() && name.endsWith(domain))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable InetSocketAddress address(Map<String, String> environment, String name) {
    String value = value(environment, name);
    if (value.isEmpty()) {
      return null;
    }
    try {
      URI uri = URI.create(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null && "http".equals(uri.getScheme()) && uri.getUserInfo() == null) {
        return InetSocketAddress.createUnresolved(
            uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the value: it may hold a password.
    }
    throw new UserException(
        "the environment variable " + name.toUpperCase(Locale.ROOT) + " names no proxy we can use",
        "write it as http://host:port, without user and password");
  }

  private static String value(Map<String, String> environment, String name) {
    String lower = environment.getOrDefault(name, "");
    return lower.isEmpty()
        ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : lower.strip();
  }
}
