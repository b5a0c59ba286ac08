package dev.athanor.oci.registry;

import java.net.URI;
import java.util.Locale;

/// Rules about host names.
final class Hosts {
  private Hosts() {}

  /// Whether `host`, with or without a port, is this machine by its very name.
  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      return name.startsWith("[::1]");
    }
    int colon = name.indexOf(':');
    String plain = colon >= 0 && colon == name.lastIndexOf(':') ? name.substring(0, colon) : name;
    return plain.equals("localhost")
        || plain.equals("::1")
        || plain.endsWith(".localhost")
        || plain.matches("127(?:\\.[0-9]{1,3}){3}");
  }

  /// Whether two addresses are the same server by scheme, host and port: only then may a credential
  /// for one be sent to the other.
  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost() != null
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  /// A server as settings name it: without the port that its scheme implies.
  static String name(URI uri) {
    return port(uri) == 443 ? uri.getHost() : uri.getHost() + ":" + port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }
}
