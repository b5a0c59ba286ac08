package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the WORKSPACE file says. An empty file says nothing, which is fine.
///
/// @param name of the workspace; empty when it has none
/// @param registries by host
/// @param platforms by name
/// @param defaultPlatform the name of the platform to build for, when no flag says which
/// @param cache where caches are kept, relative to the workspace's root, when neither flag nor
///   environment says where
public record WorkspaceSettings(
    String name,
    Map<String, Registry> registries,
    Map<String, Platform> platforms,
    Optional<String> defaultPlatform,
    Optional<String> cache) {
  public static final WorkspaceSettings NONE =
      new WorkspaceSettings("", Map.of(), Map.of(), Optional.empty(), Optional.empty());

  public WorkspaceSettings {
    registries = Collections.unmodifiableMap(new LinkedHashMap<>(registries));
    platforms = Collections.unmodifiableMap(new LinkedHashMap<>(platforms));
  }

  /// @param mirrors places to pull from before the registry itself, best first, such as
  ///   `mirror.corp/hub`
  /// @param insecure whether plain HTTP will do
  public record Registry(List<String> mirrors, boolean insecure) {
    public Registry {
      mirrors = List.copyOf(mirrors);
    }
  }

  public record Platform(String os, String architecture, String variant) {}

  /// Evaluates the workspace's file.
  ///
  /// @throws UserException with all that is wrong with it
  public static WorkspaceSettings read(Workspace workspace) throws InterruptedException {
    String text;
    try {
      text = Files.readString(workspace.file());
    } catch (IOException e) {
      throw new UserException("cannot read " + workspace.file() + ": " + e.getMessage(), "", e);
    }
    if (text.isBlank()) {
      return NONE;
    }
    Builder builder = new Builder();
    Map<String, Object> functions = builder.functions();
    String file = workspace.root().relativize(workspace.file()).toString();
    try (StarlarkThread thread = StarlarkThread.create()) {
      var _ =
          Program.compile(Source.of(file, text), Dialect.BUILD.withLoads(false), functions.keySet())
              .run(thread, functions);
      return builder.build();
    } catch (SyntaxException e) {
      throw new UserException(e.format(), "", e);
    } catch (EvalError e) {
      throw new UserException(e.format(), "", e);
    }
  }

  /// The names that the file finds defined, for documentation.
  static Map<String, Object> functions() {
    return new Builder().functions();
  }

  /// Collects what the file says, statement by statement.
  private static final class Builder {
    private String name = "";
    private final Map<String, Registry> registries = new LinkedHashMap<>();
    private final Map<String, Platform> platforms = new LinkedHashMap<>();
    private Optional<String> defaultPlatform = Optional.empty();
    private Optional<String> cache = Optional.empty();

    Map<String, Object> functions() {
      Map<String, Object> functions = new LinkedHashMap<>();
      define(functions, "workspace", "name", given -> name = given.string("name"));
      define(functions, "registry", "name, *, mirrors=[], insecure=False", this::registry);
      define(
          functions,
          "platform",
          "name, *, os='linux', architecture='amd64', variant='', default=False",
          this::platform);
      define(
          functions, "cache", "directory", given -> cache = Optional.of(given.string("directory")));
      return functions;
    }

    private void registry(BoundArguments given) throws EvalError {
      Registry registry = new Registry(given.strings("mirrors"), given.bool("insecure"));
      if (registries.put(given.string("name"), registry) != null) {
        throw given.invalid("name", "this registry is configured already");
      }
    }

    private void platform(BoundArguments given) throws EvalError {
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
      return new WorkspaceSettings(name, registries, platforms, defaultPlatform, cache);
    }

    private interface Setting {
      void apply(BoundArguments given) throws EvalError;
    }

    private static void define(
        Map<String, Object> functions, String name, String signature, Setting setting) {
      functions.put(
          name,
          Builtin.of(
              name,
              signature,
              (_, given) -> {
                setting.apply(given);
                return None.NONE;
              }));
    }
  }
}
