package dev.athanor.oci.model;

import dev.athanor.engine.UserException;
import java.util.regex.Pattern;

/// A repository in a registry, such as `localhost:5000/team/app`.
///
/// @param registry host and optional port, as users write it; `docker.io` is Docker Hub
/// @param path what follows, without a slash at either end
public record Repository(String registry, String path) implements Comparable<Repository> {
  private static final Pattern HOST =
      Pattern.compile(
          "(?:\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
              + "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]{1,5})?");
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final int MAX_LENGTH = 255;

  public Repository {
    if (!HOST.matcher(registry).matches()) {
      throw new UserException("not a registry: '" + Text.abbreviated(registry) + "'");
    }
    if (path.length() > MAX_LENGTH || !PATH.matcher(path).matches()) {
      throw new UserException(
          "not a repository: '" + Text.abbreviated(registry + "/" + path) + "'",
          "use lower-case letters and digits, joined by one of . _ __ - and, between parts, /");
    }
  }

  /// Reads `[registry/]path`. The first part is a registry when it has a dot or a colon or is
  /// `localhost`; otherwise the repository is on `docker.io`, where a path of one part belongs to
  /// `library/`.
  ///
  /// @throws UserException when `text` is no repository
  public static Repository parse(String text) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      String registry = first.equals("index.docker.io") ? "docker.io" : first;
      String path = text.substring(slash + 1);
      return new Repository(
          registry, registry.equals("docker.io") && !path.contains("/") ? "library/" + path : path);
    }
    return new Repository("docker.io", slash < 0 ? "library/" + text : text);
  }

  public Reference tag(String tag) {
    return new Reference(this, tag, null);
  }

  public Reference digest(OciDigest digest) {
    return new Reference(this, null, digest);
  }

  @Override
  public int compareTo(Repository that) {
    return toString().compareTo(that.toString());
  }

  @Override
  public String toString() {
    return registry + "/" + path;
  }
}
