package dev.athanor.oci.registry;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/// A registry did not do what it was asked. The message names what was wanted, where, and what came
/// back; never a credential.
final class RegistryException extends UserException {
  private static final long serialVersionUID = 1;

  private final String code;

  private RegistryException(String message, String hint, String code, Throwable cause) {
    super(message, hint, cause);
    this.code = code;
  }

  /// @param wanted what was being done, such as `pull localhost:5000/app:1`
  static RegistryException of(String wanted, Reply reply) {
    ErrorBody error = ErrorBody.read(reply.body());
    String text = "HTTP " + reply.status() + name(reply.status());
    return new RegistryException(
        "cannot " + wanted + ": " + reply.uri().getAuthority() + " answered " + text + error.text(),
        hint(reply.status(), error.code(), reply.uri().getAuthority()),
        error.code(),
        new IOException(text));
  }

  /// What came back was no error by its status, but cannot be right.
  static RegistryException wrong(String wanted, String problem) {
    return new RegistryException(
        "cannot " + wanted + ": " + problem,
        "the registry, or something between it and here, changed the content",
        "",
        new IOException(problem));
  }

  static RegistryException refused(String wanted, String problem, String hint) {
    return new RegistryException(
        "cannot " + wanted + ": " + problem, hint, "", new IOException(problem));
  }

  static RegistryException network(String wanted, String host, IOException cause) {
    return new RegistryException(
        "cannot " + wanted + ": " + problem(host, cause), hint(host, cause), "", cause);
  }

  /// The same, for something that would have been of no matter had `first` not failed.
  RegistryException after(RegistryException first) {
    return new RegistryException(
        getMessage() + "\nbefore that: " + first.getMessage(),
        first.hint().orElse(""),
        first.code,
        this);
  }

  /// The registry's error code, such as `MANIFEST_UNKNOWN`; empty when it gave none.
  String code() {
    return code;
  }

  private static String problem(String host, IOException cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ -> host + " does not answer";
      case HttpTimeoutException _ -> host + " stopped answering";
      case ConnectException e when unresolved(e) -> "no such host: " + host;
      case UnknownHostException _ -> "no such host: " + host;
      case ConnectException _ -> "connection to " + host + " refused";
      case SSLException e -> "no secure connection to " + host + ": " + e.getMessage();
      default -> "connection to " + host + " failed: " + cause.getMessage();
    };
  }

  private static boolean unresolved(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static String hint(String host, IOException cause) {
    return switch (cause) {
      case ConnectException e when unresolved(e) -> "check the spelling, the network and the proxy";
      case UnknownHostException _ -> "check the spelling, the network and the proxy";
      case ConnectException _ -> "check that the registry runs and that the port is right";
      case SSLException e when plaintext(e) ->
          "the registry speaks plain HTTP; if that is intended, use --insecure-registry " + host;
      case SSLException _ ->
          "give the registry's CA certificate with --registry-ca, or use --insecure-registry "
              + host;
      default -> "check the network, then try again; what was transferred before is kept";
    };
  }

  static boolean plaintext(SSLException e) {
    return String.valueOf(e.getMessage()).contains("SSL message");
  }

  private static String hint(int status, String code, String host) {
    return switch (status) {
      case 401 ->
          "log in with 'docker login " + host + "', or say with --credential where the login is";
      case 403 -> "the credentials in use do not allow this; log in as another user";
      case 404 ->
          code.equals("NAME_UNKNOWN")
              ? "check the name of the repository"
              : "check repository, tag and digest; private repositories also answer so without login";
      case 405 -> "the registry does not support this operation";
      case 407 -> "the proxy wants a login: name it as http://user:password@host:port";
      case 413 -> "the registry, or a proxy in front of it, limits the size of uploads";
      case 429 -> "the registry limits the rate of requests: wait, log in, or use a mirror";
      default -> status >= 500 ? "the registry is in trouble; try again later" : "";
    };
  }

  private static String name(int status) {
    return switch (status) {
      case 400 -> " Bad Request";
      case 401 -> " Unauthorized";
      case 403 -> " Forbidden";
      case 404 -> " Not Found";
      case 405 -> " Method Not Allowed";
      case 407 -> " Proxy Authentication Required";
      case 413 -> " Content Too Large";
      case 416 -> " Range Not Satisfiable";
      case 429 -> " Too Many Requests";
      case 500 -> " Internal Server Error";
      case 502 -> " Bad Gateway";
      case 503 -> " Service Unavailable";
      case 504 -> " Gateway Timeout";
      default -> "";
    };
  }
}
