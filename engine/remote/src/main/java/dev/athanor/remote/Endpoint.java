package dev.athanor.remote;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tls.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/// Where another machine is, and how to talk to it.
///
/// @param uri without credentials
/// @param instance which of several caches on that server; most have one without a name
/// @param tls files for the schemes that encrypt
/// @param patience with a call that brings nothing; zero or more
public record Endpoint(URI uri, String instance, Tls tls, Headers headers, Duration patience) {
  /// Without any of the things that most servers do not ask for.
  public static Endpoint of(String uri) {
    return new Endpoint(parse(uri), "", Tls.DEFAULT, Headers.NONE, Duration.ofSeconds(10));
  }

  /// @throws UserException when it is none of `grpc://`, `grpcs://`, `http://` and `https://`
  public static URI parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw unusable(text);
    }
    if (uri.getHost() == null || uri.getScheme() == null) {
      throw unusable(text);
    }
    return switch (uri.getScheme()) {
      case "grpc", "grpcs", "http", "https" -> {
        if (uri.getRawUserInfo() != null) {
          throw new UserException(
              "the address of a remote cache holds a password",
              "give it with --credential "
                  + uri.getAuthority().replaceFirst(".*@", "")
                  + "=env:NAME or file:PATH");
        }
        yield uri;
      }
      default -> throw unusable(text);
    };
  }

  private static UserException unusable(String given) {
    // What stands before the last @ may be a password.
    String text = given.replaceFirst("//.*@", "//...@").replaceFirst("^[^/]*@", "...@");
    return new UserException(
        "'" + text + "' is no address of a remote cache",
        "write grpc://HOST:PORT, grpcs://HOST, http://HOST:PORT/PATH or https://HOST/PATH");
  }

  /// Whether it speaks the Remote Execution API, rather than plain HTTP.
  public boolean isGrpc() {
    return uri.getScheme().startsWith("grpc");
  }

  public boolean isEncrypted() {
    return uri.getScheme().endsWith("s");
  }

  /// Whether it stays on this machine, as far as the address tells.
  public boolean isLocal() {
    String host = uri.getHost();
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /// The one that is meant where the address has none.
  public int port() {
    return uri.getPort() >= 0 ? uri.getPort() : isEncrypted() ? 443 : 80;
  }

  /// For people: the address as it was given.
  @Override
  public String toString() {
    return uri.toString();
  }
}
