package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a user's own file says, for all workspaces. Mirrors, certificates and what may be reached
/// at all belong to the machine and not to the sources, so it wins over a WORKSPACE.
///
/// @param file that was read, if there is one
/// @param registries by host
/// @param remote the cache that is shared with others
/// @param cache where caches are kept, relative to the file
public record UserSettings(
    Optional<Path> file,
    Map<String, RegistrySetting> registries,
    Optional<RemoteSetting> remote,
    Optional<Path> cache) {
  public static final UserSettings NONE =
      new UserSettings(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

  /// The variable that names another file, or with no text none.
  private static final String VARIABLE = "ATHANOR_CONFIG";

  public UserSettings {
    registries = Collections.unmodifiableMap(new LinkedHashMap<>(registries));
  }

  /// Reads the file that `ATHANOR_CONFIG` names, which must be there, or else
  /// `$XDG_CONFIG_HOME/athanor/config` or `~/.config/athanor/config`, if there is one.
  ///
  /// @param root of the file system that the paths are in, and what relative ones start from
  /// @throws UserException with what is wrong with it, and where
  public static UserSettings read(Map<String, String> environment, Path root)
      throws InterruptedException {
    String named = environment.get(VARIABLE);
    if (named != null) {
      return named.isEmpty() ? NONE : read(existing(root.resolve(named)));
    }
    Optional<Path> usual = usualPlace(environment, root).filter(Files::exists);
    return usual.isPresent() ? read(usual.get()) : NONE;
  }

  private static Path existing(Path file) {
    if (!Files.exists(file)) {
      throw new UserException(
          "no such file: " + file + ", which " + VARIABLE + " names",
          "set " + VARIABLE + " to nothing to do without");
    }
    return file;
  }

  private static Optional<Path> usualPlace(Map<String, String> environment, Path root) {
    String own = environment.getOrDefault("XDG_CONFIG_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (own.startsWith("/")) {
      return Optional.of(root.resolve(own).resolve("athanor/config"));
    }
    return home.isEmpty()
        ? Optional.empty()
        : Optional.of(root.resolve(home).resolve(".config/athanor/config"));
  }

  private static UserSettings read(Path file) throws InterruptedException {
    SettingsFile settings = new SettingsFile(file);
    settings.evaluate(file.toString());
    return new UserSettings(
        Optional.of(file),
        settings.registries(),
        settings.remote(),
        settings.cache().map(file::resolveSibling));
  }
}
