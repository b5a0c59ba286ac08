package dev.athanor.oci.run;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The users and groups of an image: its /etc/passwd and /etc/group.
///
/// @param users lines of `/etc/passwd`, split at colons, as are those of `groups`
record Accounts(List<String[]> users, List<String[]> groups) {
  /// @param root the image's root filesystem as a directory
  static Accounts read(Path root) throws IOException {
    return new Accounts(lines(root, "passwd", 7), lines(root, "group", 4));
  }

  /// The numbers behind a config's `User`: `user`, `uid`, `user:group` and so on; root when it is
  /// empty.
  ///
  /// @throws UserException when the image has no such user or group
  Spawn.User resolve(String user) {
    String[] parts = user.split(":", 2);
    Optional<Integer> number = number(parts[0]);
    Optional<String[]> entry =
        users.stream()
            .filter(
                u -> u[0].equals(parts[0]) || (number.isPresent() && number(u[2]).equals(number)))
            .findFirst();
    if (parts[0].isEmpty()) {
      return Spawn.User.ROOT;
    }
    int uid =
        number
            .or(() -> entry.flatMap(u -> number(u[2])))
            .orElseThrow(() -> unknown("user", parts[0]));
    if (parts.length > 1 && !parts[1].isEmpty()) {
      return new Spawn.User(uid, group(parts[1]), List.of());
    }
    int gid = entry.flatMap(u -> number(u[3])).orElse(0);
    return new Spawn.User(uid, gid, entry.map(u -> memberships(u[0], gid)).orElse(List.of()));
  }

  /// The home directory of a user.
  Optional<String> home(int uid) {
    return users.stream()
        .filter(u -> number(u[2]).equals(Optional.of(uid)))
        .map(u -> u[5])
        .filter(home -> !home.isEmpty())
        .findFirst();
  }

  private int group(String name) {
    return number(name)
        .or(() ->
            groups.stream()
                .filter(g -> g[0].equals(name))
                .flatMap(g -> number(g[2]).stream())
                .findFirst())
        .orElseThrow(() -> unknown("group", name));
  }

  private List<Integer> memberships(String user, int primary) {
    return groups.stream()
        .filter(g -> Arrays.asList(g[3].split(",", -1)).contains(user))
        .flatMap(g -> number(g[2]).stream())
        .filter(gid -> gid != primary)
        .toList();
  }

  private static UserException unknown(String what, String name) {
    return new UserException(
        "the image has no " + what + " '" + name + "'",
        "its config names one; use a number, or add the " + what + " to the image's /etc");
  }

  private static Optional<Integer> number(String text) {
    try {
      int number = Integer.parseInt(text);
      return number < 0 ? Optional.empty() : Optional.of(number);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// The file's lines with enough fields. A symlink is not followed: it could lead out of the
  /// image.
  private static List<String[]> lines(Path root, String name, int fields) throws IOException {
    Path etc = root.resolve("etc");
    Path file = etc.resolve(name);
    List<String[]> lines = new ArrayList<>();
    if (Files.isDirectory(etc, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        String[] split = line.split(":", -1);
        if (split.length >= fields) {
          lines.add(split);
        }
      }
    }
    return lines;
  }
}
