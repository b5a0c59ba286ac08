package dev.athanor.engine.loading;

import dev.athanor.engine.tls.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a file of settings says of one registry, or with the name [#ALL] of all that no file names.
///
/// @param mirrors places to pull from before the registry itself, best first, such as
///   `mirror.corp/hub`
/// @param insecure whether plain HTTP will do
/// @param blocked whether the registry itself is never asked
/// @param authority a file with certificates to trust besides the usual ones
/// @param identity the client's own certificate
/// @param where the file that says so, with line and column
public record RegistrySetting(
    List<String> mirrors,
    boolean insecure,
    boolean blocked,
    Optional<Path> authority,
    Optional<Tls.Identity> identity,
    String where) {
  /// The name that stands for every registry that is not named.
  public static final String ALL = "*";

  /// One name for each server, so that another spelling gets around nothing that is said of it.
  public static String server(String registry) {
    String name = registry.toLowerCase(Locale.ROOT).replaceFirst(":0*443$", "");
    return switch (name) {
      case "index.docker.io", "registry-1.docker.io" -> "docker.io";
      default -> name.replaceFirst(":0+([1-9])", ":$1");
    };
  }

  public RegistrySetting {
    mirrors = List.copyOf(mirrors);
  }
}
