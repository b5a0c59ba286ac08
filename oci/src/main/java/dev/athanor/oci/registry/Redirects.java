package dev.athanor.oci.registry;

import java.net.URI;

/// Which redirects are followed, and where to.
final class Redirects {
  static final int MAX = 5;

  private Redirects() {}

  /// The old codes would turn a write into a `GET`, which is of no use here.
  static boolean follows(String method, int status) {
    return switch (status) {
      case 301, 302, 303 -> method.equals("GET") || method.equals("HEAD");
      case 307, 308 -> true;
      default -> false;
    };
  }

  static URI target(Call call, URI from, String location) {
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw RegistryException.wrong(call.wanted(), "redirected to an unusable address");
    }
    boolean web = "https".equals(target.getScheme()) || "http".equals(target.getScheme());
    if (!web || target.getHost() == null) {
      throw RegistryException.wrong(call.wanted(), "redirected to an unusable address");
    }
    if ("https".equals(from.getScheme()) && "http".equals(target.getScheme())) {
      throw RegistryException.wrong(
          call.wanted(), "redirected from HTTPS to plain HTTP at " + target.getHost());
    }
    return target;
  }
}
