package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.loading.UserSettings;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.loading.WorkspaceSettings;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.oci.rule.WantedPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/// The flags that every command has.
///
/// @param directory where the command works: in the workspace that this lies in
/// @param configuration what targets are built for
/// @param events a file for the events of the build
/// @param profile a file for a trace of the build
/// @param report a file for a page about the build
record GlobalFlags(
    Path directory,
    Path cacheDir,
    int jobs,
    boolean keepGoing,
    boolean keepSandbox,
    boolean json,
    boolean offline,
    String sandbox,
    RegistryFlags registries,
    RemoteFlags remote,
    ExecutorFlags executor,
    Configuration configuration,
    Optional<Path> events,
    Optional<Path> profile,
    Optional<Path> report) {
  /// The flags of a command that tests.
  GlobalFlags with(TestFlags tests) {
    return new GlobalFlags(
        directory,
        cacheDir,
        jobs,
        tests.keepGoing(),
        keepSandbox,
        json,
        offline,
        sandbox,
        registries,
        remote,
        executor,
        configuration.withTests(tests.settings()),
        events,
        profile,
        report);
  }

  static Options with(Options own) {
    Options all = new Options();
    options().getOptions().forEach(all::addOption);
    own.getOptions().forEach(all::addOption);
    return all;
  }

  /// All of them.
  static Options options() {
    Options all = general();
    List.of(RegistryFlags.options(), RemoteFlags.options(), ExecutorFlags.options())
        .forEach(some -> some.getOptions().forEach(all::addOption));
    return all;
  }

  /// Those that have nothing to do with other machines.
  static Options general() {
    return new Options()
        .addOption(value("C", "directory", "DIR", "work in the workspace that DIR lies in"))
        .addOption(
            value(
                null,
                "cache-dir",
                "DIR",
                "keep caches in DIR (ATHANOR_CACHE_DIR, ~/.cache/athanor)"))
        .addOption(
            value("j", "jobs", "N", "run up to N actions at once (the number of processors)"))
        .addOption(flag("k", "keep-going", "build as much as possible after a failure"))
        .addOption(flag(null, "keep-sandbox", "leave the sandboxes of commands behind"))
        .addOption(flag(null, "json", "print the result as JSON"))
        .addOption(flag(null, "offline", "never use the network"))
        .addOption(
            value(null, "sandbox", "NAME", "run commands in this sandbox instead of the best one"))
        .addOption(
            value(
                null,
                "platform",
                "OS/ARCH",
                "build for OS/ARCH, such as linux/arm64, or a platform of the WORKSPACE"))
        .addOption(value("D", "define", "NAME=VALUE", "set a flag for select; repeatable"))
        .addOption(value(null, "events", "FILE", "write the build's events to FILE, as JSON lines"))
        .addOption(
            value(
                null,
                "profile",
                "FILE",
                "write what ran when to FILE, for Chrome's trace viewer (chrome://tracing)"))
        .addOption(
            value(
                null,
                "report",
                "FILE",
                "write a page about the build to FILE, also when it fails; see docs/report.md"))
        .addOption(flag("h", "help", "explain the command"))
        .addOption(flag(null, "version", "print the version"));
  }

  /// Where the command works.
  static Path directory(CommandLine line, Terminal terminal) {
    return path(line, "directory", terminal).orElse(terminal.directory());
  }

  /// The flags, and where they say nothing, the workspace's settings.
  static GlobalFlags of(
      CommandLine line, Terminal terminal, Workspace workspace, WorkspaceSettings settings) {
    RemoteFlags remote = RemoteFlags.of(line, terminal);
    return new GlobalFlags(
        directory(line, terminal),
        path(line, "cache-dir", terminal)
            .or(() -> environmentCacheDir(terminal))
            .or(() -> settings.cache().map(workspace.root()::resolve))
            .orElseGet(() -> defaultCacheDir(terminal)),
        jobs(line),
        line.hasOption("keep-going"),
        line.hasOption("keep-sandbox"),
        line.hasOption("json"),
        line.hasOption("offline"),
        last(line, "sandbox").orElse("auto"),
        RegistryFlags.of(line, terminal).hiding(remote.variables()),
        remote,
        ExecutorFlags.of(line),
        configuration(line, settings),
        path(line, "events", terminal),
        path(line, "profile", terminal),
        path(line, "report", terminal));
  }

  /// The flags of a command that needs no workspace; where there is one, its settings count.
  static GlobalFlags anywhere(Invocation invocation) throws InterruptedException {
    Terminal terminal = invocation.terminal();
    Path directory = directory(invocation.options(), terminal);
    if (Workspace.search(directory).isPresent()) {
      return OpenWorkspace.of(invocation).flags();
    }
    Workspace none = new Workspace(directory, directory.resolve("WORKSPACE"));
    UserSettings user = UserSettings.read(terminal.env(), terminal.directory());
    return of(invocation.options(), terminal, none, WorkspaceSettings.NONE.with(user));
  }

  private static Configuration configuration(CommandLine line, WorkspaceSettings settings) {
    Configuration configuration = WantedPlatform.configuration(last(line, "platform"), settings);
    return configuration.withFlags(pairs(line, "define"));
  }

  static int jobs(CommandLine line) {
    return count(line, "jobs").orElse(Runtime.getRuntime().availableProcessors());
  }

  /// What a flag says that takes a number above zero.
  static Optional<Integer> count(CommandLine line, String name) {
    return last(line, name)
        .map(text -> {
          try {
            int count = Integer.parseInt(text);
            if (count > 0) {
              return count;
            }
          } catch (NumberFormatException e) {
            // Told below.
          }
          throw new UserException("--" + name + " wants a number above zero, not '" + text + "'");
        });
  }

  /// All that a repeatable flag says, in order.
  static List<String> all(CommandLine line, String name) {
    return Optional.ofNullable(line.getOptionValues(name)).map(List::of).orElse(List.of());
  }

  /// What a repeatable flag says that takes `NAME=VALUE`.
  static SortedMap<String, String> pairs(CommandLine line, String name) {
    SortedMap<String, String> pairs = new TreeMap<>();
    for (String text : all(line, name)) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new UserException("--" + name + " wants NAME=VALUE, not '" + text + "'");
      }
      pairs.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return pairs;
  }

  static Optional<Path> path(CommandLine line, String name, Terminal terminal) {
    return last(line, name).map(text -> terminal.directory().resolve(text).normalize());
  }

  /// Of a flag that is given twice the last one counts: so a script's flags can be overridden.
  static Optional<String> last(CommandLine line, String name) {
    String[] values = line.getOptionValues(name);
    return values == null ? Optional.empty() : Optional.of(values[values.length - 1]);
  }

  private static Optional<Path> environmentCacheDir(Terminal terminal) {
    return Optional.ofNullable(terminal.env().get("ATHANOR_CACHE_DIR"))
        .filter(own -> !own.isEmpty())
        .map(terminal.directory()::resolve);
  }

  private static Path defaultCacheDir(Terminal terminal) {
    String xdg = terminal.env().get("XDG_CACHE_HOME");
    if (xdg != null && xdg.startsWith("/")) {
      return terminal.directory().resolve(xdg).resolve("athanor");
    }
    String home = terminal.env().get("HOME");
    if (home == null || home.isEmpty()) {
      throw new UserException(
          "no place for caches: HOME is not set", "set ATHANOR_CACHE_DIR or give --cache-dir");
    }
    return terminal.directory().resolve(home).resolve(".cache/athanor");
  }

  static Option flag(@Nullable String letter, String name, String doc) {
    return Option.builder(letter).longOpt(name).desc(doc).get();
  }

  static Option value(@Nullable String letter, String name, String value, String doc) {
    return Option.builder(letter).longOpt(name).hasArg().argName(value).desc(doc).get();
  }
}
