package dev.athanor.oci.run;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.model.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The process that an image's config describes.
public final class ContainerSpawn {
  private ContainerSpawn() {}

  /// @param directory the image's root filesystem, to look up users in
  /// @param root what the process is to see
  /// @param args replace the config's command; the entrypoint stays
  /// @throws UserException when the config names no program, or a user that the image does not have
  public static Spawn of(ImageConfig config, Path directory, Spawn.Root root, List<String> args)
      throws IOException {
    List<String> argv = new ArrayList<>(config.entrypoint());
    argv.addAll(args.isEmpty() ? config.cmd() : args);
    if (argv.isEmpty()) {
      throw new UserException(
          "the image says nothing to run: it has neither entrypoint nor command",
          "set entrypoint, or name a program after --");
    }
    Accounts accounts = Accounts.read(directory);
    Spawn.User user = accounts.resolve(config.user().orElse(""));
    SortedMap<String, String> env = environment(config, accounts.home(user.uid()).orElse("/"));
    env.putIfAbsent("TERM", "xterm");
    return new Spawn(
        argv,
        env,
        config.workingDir().filter(dir -> !dir.isEmpty()).orElse("/"),
        root,
        List.of(),
        user,
        "athanor",
        false,
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
