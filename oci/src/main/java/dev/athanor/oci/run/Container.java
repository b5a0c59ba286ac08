package dev.athanor.oci.run;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.model.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A process in an image with everything settled: what the config says, and what somebody wants
/// otherwise.
///
/// @param directory where it starts, absolute
/// @param user by number, as looked up in the image
/// @param network whether it sees the host's network; otherwise there is none
/// @param volumes directories and files of the host that it sees
public record Container(
    List<String> argv,
    SortedMap<String, String> env,
    String directory,
    Spawn.User user,
    boolean network,
    List<Spawn.Bind> volumes) {
  static final String HOSTNAME = "athanor";

  public Container {
    argv = List.copyOf(argv);
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    volumes = List.copyOf(volumes);
  }

  /// What is wanted otherwise than the config says.
  ///
  /// @param args replace the command; the entrypoint stays
  /// @param entrypoint replaces entrypoint and command
  public record Wishes(
      List<String> args,
      Optional<String> entrypoint,
      Map<String, String> env,
      Optional<String> user,
      Optional<String> directory,
      boolean network,
      List<Spawn.Bind> volumes) {
    /// The config as it is.
    public static final Wishes NONE =
        new Wishes(
            List.of(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of());

    public Wishes {
      args = List.copyOf(args);
      env = Map.copyOf(env);
      volumes = List.copyOf(volumes);
    }
  }

  /// @param root the image's root filesystem as a directory, to look up users in
  /// @throws UserException when there is no program, or a user that the image does not have
  public static Container of(ImageConfig config, Path root, Wishes wishes) throws IOException {
    List<String> argv = argv(config, wishes);
    if (argv.isEmpty()) {
      throw new UserException(
          "the image says nothing to run: it has neither entrypoint nor command",
          "set entrypoint, or name a program after --");
    }
    return of(config, root, wishes, argv);
  }

  /// The same for an image that may have no program: then `sh`.
  public static Container orShell(ImageConfig config, Path root) throws IOException {
    List<String> argv = argv(config, Wishes.NONE);
    return of(config, root, Wishes.NONE, argv.isEmpty() ? List.of("sh") : argv);
  }

  private static Container of(ImageConfig config, Path root, Wishes wishes, List<String> argv)
      throws IOException {
    Accounts accounts = Accounts.read(root);
    Spawn.User user = accounts.resolve(wishes.user.or(config::user).orElse(""));
    SortedMap<String, String> env = environment(config, accounts.home(user.uid()).orElse("/"));
    env.putIfAbsent("TERM", "xterm");
    env.putAll(wishes.env);
    String directory = wishes.directory.or(config::workingDir).orElse("/");
    checkDirectory(directory);
    List<Spawn.Bind> volumes = new ArrayList<>(wishes.network ? resolver() : List.of());
    volumes.addAll(wishes.volumes);
    return new Container(argv, env, directory, user, wishes.network, volumes);
  }

  /// Below /proc lie ways out of the container that a runtime has open (CVE-2024-21626).
  private static void checkDirectory(String directory) {
    String clean = EntryPath.clean(Bytes.utf8(directory)).text();
    if (!directory.startsWith("/") || (clean + "/").startsWith("/proc/")) {
      throw new UserException(
          "nothing can start in the working directory '" + directory + "'",
          "give an absolute path of the image with --workdir");
    }
  }

  private static List<String> argv(ImageConfig config, Wishes wishes) {
    List<String> argv = new ArrayList<>();
    if (wishes.entrypoint.isPresent()) {
      argv.add(wishes.entrypoint.get());
      argv.addAll(wishes.args);
    } else {
      argv.addAll(config.entrypoint());
      argv.addAll(wishes.args.isEmpty() ? config.cmd() : wishes.args);
    }
    return argv;
  }

  /// As a process for a sandbox.
  public Spawn spawn(Spawn.Root root) {
    return new Spawn(
        argv,
        env,
        directory,
        root,
        volumes,
        user,
        HOSTNAME,
        network,
        Spawn.Limits.NONE,
        new Spawn.Stdio.Inherited());
  }

  /// The environment that the config asks for. Defaults never override what the image says.
  ///
  /// @param home of the user that the process runs as
  public static SortedMap<String, String> environment(ImageConfig config, String home) {
    SortedMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("HOME", home);
    for (String entry : config.env()) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        env.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return env;
  }

  /// Shows the host's way to look up names to a process that may reach the network.
  public static List<Spawn.Bind> resolver() {
    return Stream.of("/etc/resolv.conf", "/etc/hosts")
        .filter(file -> Files.isRegularFile(Path.of(file)))
        .map(file -> new Spawn.Bind(Path.of(file), file, false))
        .toList();
  }
}
