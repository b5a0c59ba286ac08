package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the WORKSPACE file says. An empty file says nothing, which is fine.
///
/// @param name of the workspace; empty when it has none
/// @param registries by host
/// @param platforms by name
/// @param defaultPlatform the name of the platform to build for, when no flag says which
/// @param remote the cache that is shared with others
/// @param cache where caches are kept, relative to the workspace's root, when neither flag nor
///   environment says where
public record WorkspaceSettings(
    String name,
    Map<String, RegistrySetting> registries,
    Map<String, Platform> platforms,
    Optional<String> defaultPlatform,
    Optional<RemoteSetting> remote,
    Optional<String> cache) {
  public static final WorkspaceSettings NONE =
      new WorkspaceSettings(
          "", Map.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

  public WorkspaceSettings {
    registries = Collections.unmodifiableMap(new LinkedHashMap<>(registries));
    platforms = Collections.unmodifiableMap(new LinkedHashMap<>(platforms));
  }

  public record Platform(String os, String architecture, String variant) {}

  /// Evaluates the workspace's file.
  ///
  /// @throws UserException with all that is wrong with it
  public static WorkspaceSettings read(Workspace workspace) throws InterruptedException {
    Builder builder = new Builder(workspace.file());
    builder.settings.evaluate(workspace.root().relativize(workspace.file()).toString());
    checkSources(builder.settings.remote());
    return builder.build();
  }

  /// What comes with sources must not start programs of its own, nor sign in the user's name.
  private static void checkSources(Optional<RemoteSetting> remote) {
    if (remote.isPresent()
        && (remote.get().credentialHelper().isPresent() || remote.get().signer().isPresent())) {
      throw new UserException(
          remote.get().where() + ": credential_helper and sign_key are no business of a WORKSPACE",
          "set them in your own file of settings, or with flags");
    }
  }

  /// The names that the file finds defined, for documentation.
  static Map<String, Object> functions() {
    return new Builder(Path.of("WORKSPACE")).settings.functions();
  }

  /// With what the user says, which replaces what is said here of the same thing. Where the user
  /// blocks all registries that are not named, nothing here names one.
  public WorkspaceSettings with(UserSettings user) {
    Map<String, RegistrySetting> all = new LinkedHashMap<>();
    if (!user.registries().containsKey(RegistrySetting.ALL)) {
      all.putAll(registries);
    }
    all.putAll(user.registries());
    return new WorkspaceSettings(
        name,
        all,
        platforms,
        defaultPlatform,
        user.remote().or(() -> remote),
        user.cache().map(Path::toString).or(() -> cache));
  }

  /// Collects what the file says, statement by statement.
  private static final class Builder {
    private final SettingsFile settings;
    private String name = "";
    private final Map<String, Platform> platforms = new LinkedHashMap<>();
    private Optional<String> defaultPlatform = Optional.empty();

    Builder(Path file) {
      settings =
          new SettingsFile(file)
              .define("workspace", "name", (_, given) -> name = given.string("name"))
              .define(
                  "platform",
                  "name, *, os='linux', architecture='amd64', variant='', default=False",
                  this::platform);
    }

    private void platform(StarlarkThread thread, BoundArguments given) throws EvalError {
      String called = given.string("name");
      Platform platform =
          new Platform(given.string("os"), given.string("architecture"), given.string("variant"));
      if (platforms.put(called, platform) != null) {
        throw given.invalid("name", "there is a platform of this name already");
      }
      if (given.bool("default")) {
        if (defaultPlatform.isPresent()) {
          throw given.invalid("default", "'" + defaultPlatform.get() + "' is the default already");
        }
        defaultPlatform = Optional.of(called);
      }
    }

    WorkspaceSettings build() {
      return new WorkspaceSettings(
          name,
          settings.registries(),
          platforms,
          defaultPlatform,
          settings.remote(),
          settings.cache());
    }
  }
}
