package dev.athanor.oci.registry;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Proxies as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them. Loopback is never proxied.
final class Proxies extends ProxySelector {
  private final Optional<Address> http;
  private final Optional<Address> https;
  private final List<String> exempt;

  /// @param login the value of `Proxy-Authorization`, for a proxy that wants one
  private record Address(InetSocketAddress address, Optional<String> login) {}

  private Proxies(Optional<Address> http, Optional<Address> https, List<String> exempt) {
    this.http = http;
    this.https = https;
    this.exempt = exempt;
  }

  /// Nothing when the environment names no proxy.
  static Optional<ProxySelector> of(Map<String, String> environment) {
    Optional<Address> http = address(environment, "http_proxy");
    Optional<Address> https = address(environment, "https_proxy");
    if (http.isEmpty() && https.isEmpty()) {
      return Optional.empty();
    }
    if (https.flatMap(Address::login).isPresent()) {
      allowPasswordsForTunnels();
    }
    String exempt = value(environment, "no_proxy").toLowerCase(Locale.ROOT);
    return Optional.of(new Proxies(http, https, List.of(exempt.split("[,\\s]+"))));
  }

  /// The JDK sends no password in clear text to a proxy that it tunnels through, unless it is told
  /// to before its first request. Who writes one into the proxy's address wants it sent.
  private static void allowPasswordsForTunnels() {
    String property = "jdk.http.auth.tunneling.disabledSchemes";
    if (System.getProperty(property) == null) {
      System.setProperty(property, "");
    }
  }

  /// The request with the login for the client's proxy, if it goes through one that wants it. The
  /// JDK keeps this header from all servers that are no proxies.
  static HttpRequest identified(HttpRequest request, HttpClient client) {
    return client
        .proxy()
        .map(Proxies.class::cast)
        .flatMap(proxies -> proxies.proxy(request.uri()))
        .flatMap(Address::login)
        .map(login ->
            HttpRequest.newBuilder(request, (name, value) -> true)
                .header("Proxy-Authorization", login)
                .build())
        .orElse(request);
  }

  private Optional<Address> proxy(URI uri) {
    Optional<Address> proxy = "https".equals(uri.getScheme()) ? https : http;
    return proxy.filter(_ -> !isExempt(uri.getHost(), uri.getPort()));
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(
        proxy(uri)
            .map(proxy -> new Proxy(Proxy.Type.HTTP, proxy.address()))
            .orElse(Proxy.NO_PROXY));
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

  private static Optional<Address> address(Map<String, String> environment, String name) {
    String value = value(environment, name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = URI.create(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null && "http".equals(uri.getScheme())) {
        return Optional.of(
            new Address(
                InetSocketAddress.createUnresolved(
                    uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()),
                Optional.ofNullable(uri.getUserInfo()).map(Proxies::login)));
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the value: it may hold a password.
    }
    throw new UserException(
        "the environment variable " + name.toUpperCase(Locale.ROOT) + " names no proxy we can use",
        "write it as http://host:port or http://user:password@host:port, special characters as %40");
  }

  private static String login(String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? "" : userInfo.substring(colon + 1);
    return new Credential.Password(user, password, "the proxy's address").basic();
  }

  private static String value(Map<String, String> environment, String name) {
    String lower = environment.getOrDefault(name, "");
    return lower.isEmpty()
        ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : lower.strip();
  }
}
