package dev.athanor.oci.registry;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tls.Tls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The certificates that a machine has for registries where docker, podman and skopeo look for
/// them: a folder for each registry, named by its host and port, in which `*.crt` are authorities,
/// and `NAME.cert` with `NAME.key` is who the client is.
public final class CertificateFolders {
  private CertificateFolders() {}

  /// What all places together have for a registry, the user's own before the machine's.
  ///
  /// @param root of the file system that the paths are in, and what relative ones start from
  /// @throws UserException when a certificate or a key is there without the other
  public static Tls of(Map<String, String> environment, Path root, String registry) {
    List<Path> authorities = new ArrayList<>();
    List<Tls.Identity> identities = new ArrayList<>();
    for (Path place : places(environment, root)) {
      for (Path file : files(place, registry)) {
        String name = file.getFileName().toString();
        if (name.endsWith(".crt")) {
          authorities.add(file);
        } else if (name.endsWith(".cert")) {
          identities.add(new Tls.Identity(file, partner(file, ".cert", ".key")));
        } else if (name.endsWith(".key")) {
          var _ = partner(file, ".key", ".cert");
        }
      }
    }
    return new Tls(authorities, identities);
  }

  static List<Path> places(Map<String, String> environment, Path root) {
    List<Path> places = new ArrayList<>();
    @Nullable String config = environment.get("XDG_CONFIG_HOME");
    @Nullable String home = environment.get("HOME");
    if (config != null && !config.isEmpty()) {
      places.add(root.resolve(config).resolve("containers/certs.d"));
    } else if (home != null && !home.isEmpty()) {
      places.add(root.resolve(home).resolve(".config/containers/certs.d"));
    }
    if (home != null && !home.isEmpty()) {
      places.add(root.resolve(home).resolve(".docker/certs.d"));
    }
    places.add(root.resolve("/etc/containers/certs.d"));
    places.add(root.resolve("/etc/docker/certs.d"));
    return List.copyOf(places);
  }

  /// In the order of their names. A folder that only others may read is meant for others. Where no
  /// folder can have a registry's name, none has.
  private static Iterable<Path> files(Path place, String registry) {
    TreeSet<Path> files = new TreeSet<>();
    Path folder;
    try {
      folder = place.resolve(registry);
    } catch (InvalidPathException e) {
      return List.of();
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
      return List.of();
    } catch (IOException e) {
      throw new UserException("cannot read the certificates in " + folder, "", e);
    }
    return files;
  }

  private static Path partner(Path file, String suffix, String other) {
    String name = file.getFileName().toString();
    String wanted = name.substring(0, name.length() - suffix.length()) + other;
    Path partner = file.resolveSibling(wanted);
    if (!Files.exists(partner)) {
      throw new UserException(
          file + " is there without " + wanted,
          "authorities have names that end in .crt, a client's certificate in .cert and its key in"
              + " .key");
    }
    return partner;
  }
}
