package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Location;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.tls.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file of settings while it is read, statement by statement: what every such file may say of
/// registries and caches, and whatever else its kind allows.
final class SettingsFile {
  private final Path file;
  private final Map<String, Object> functions = new LinkedHashMap<>();
  private final Map<String, RegistrySetting> registries = new LinkedHashMap<>();
  private Optional<RemoteSetting> remote = Optional.empty();
  private Optional<String> cache = Optional.empty();

  /// What a statement does.
  interface Setting {
    void apply(StarlarkThread thread, BoundArguments given) throws EvalError;
  }

  /// @param file where it is; relative paths in it start there
  SettingsFile(Path file) {
    this.file = file;
    define(
        "registry",
        "name, *, mirrors=[], insecure=False, blocked=False, ca='', certificate='', key=''",
        this::registry);
    define(
        "remote_cache",
        "url, *, upload=False, instance='', ca='', certificate='', key='', trust_keys=[],"
            + " sign_key='', credential_helper=''",
        this::remoteCache);
    define("cache", "directory", (_, given) -> cache = Optional.of(given.string("directory")));
  }

  SettingsFile define(String name, String signature, Setting setting) {
    functions.put(
        name,
        Builtin.of(
            name,
            signature,
            (thread, given) -> {
              setting.apply(thread, given);
              return None.NONE;
            }));
    return this;
  }

  Map<String, Object> functions() {
    return functions;
  }

  /// By [RegistrySetting#server].
  Map<String, RegistrySetting> registries() {
    return registries;
  }

  Optional<RemoteSetting> remote() {
    return remote;
  }

  Optional<String> cache() {
    return cache;
  }

  /// @param shown what to call the file in messages
  /// @throws UserException with what is wrong with it, and where
  void evaluate(String shown) throws InterruptedException {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UserException("cannot read " + file + ": " + e.getMessage(), "", e);
    }
    if (text.isBlank()) {
      return;
    }
    try (StarlarkThread thread = StarlarkThread.create()) {
      var _ =
          Program.compile(
                  Source.of(shown, text), Dialect.BUILD.withLoads(false), functions.keySet())
              .run(thread, functions);
    } catch (SyntaxException e) {
      throw new UserException(e.format(), "", e);
    } catch (EvalError e) {
      throw new UserException(e.format(), "", e);
    }
  }

  private void registry(StarlarkThread thread, BoundArguments given) throws EvalError {
    String name = given.string("name");
    RegistrySetting registry =
        new RegistrySetting(
            given.strings("mirrors"),
            given.bool("insecure"),
            given.bool("blocked"),
            path(given, "ca"),
            identity(given),
            thread.callerLocation().map(Location::toString).orElse(file.toString()));
    check(name, registry, given);
    if (registries.put(RegistrySetting.server(name), registry) != null) {
      throw given.invalid("name", "this registry is configured already");
    }
  }

  private void remoteCache(StarlarkThread thread, BoundArguments given) throws EvalError {
    if (remote.isPresent()) {
      throw given.invalid("url", "there is a remote cache already, at " + remote.get().where());
    }
    List<Path> trusted =
        given.strings("trust_keys").stream().map(text -> file.resolveSibling(text)).toList();
    String helper = given.string("credential_helper");
    remote =
        Optional.of(
            new RemoteSetting(
                given.string("url"),
                given.bool("upload"),
                given.string("instance"),
                new Tls(path(given, "ca").stream().toList(), identity(given).stream().toList()),
                trusted,
                path(given, "sign_key"),
                helper.isEmpty() ? Optional.empty() : Optional.of(helper),
                thread.callerLocation().map(Location::toString).orElse(file.toString())));
  }

  private static void check(String name, RegistrySetting registry, BoundArguments given)
      throws EvalError {
    if (name.equals(RegistrySetting.ALL)) {
      boolean more =
          registry.insecure()
              || !registry.mirrors().isEmpty()
              || registry.authority().isPresent()
              || registry.identity().isPresent();
      if (more || !registry.blocked()) {
        throw given.invalid("name", "of all registries, only blocked = True can be said");
      }
    } else if (name.isEmpty() || name.contains("/")) {
      throw given.invalid("name", "must be a host and perhaps a port, as in \"quay.io\"");
    }
  }

  private Optional<Tls.Identity> identity(BoundArguments given) throws EvalError {
    Optional<Path> certificate = path(given, "certificate");
    Optional<Path> key = path(given, "key");
    if (certificate.isPresent() != key.isPresent()) {
      throw given.invalid(
          certificate.isPresent() ? "key" : "certificate",
          "certificate and key belong together: one is no use without the other");
    }
    return certificate.flatMap(chain -> key.map(secret -> new Tls.Identity(chain, secret)));
  }

  private Optional<Path> path(BoundArguments given, String name) throws EvalError {
    String text = given.string(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(file.resolveSibling(text).normalize());
  }
}
