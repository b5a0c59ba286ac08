package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// A program that runs containers from bundles of the runtime specification: runc or crun.
///
/// It is started in a mount namespace of its own, in which the bundle's root filesystem is an
/// overlay: what the container writes goes there, and nothing has to be unmounted, however it ends.
/// An ordinary user is root of a user namespace there, since only root may mount.
public final class ContainerRuntime implements AutoCloseable {
  /// The ones we know, in the order in which they are preferred.
  public static final List<String> NAMES = List.of("runc", "crun");

  /// Paths in the options of an overlay are relative, so that no character of theirs means
  /// anything.
  private static final String SCRIPT =
      "mount -t overlay -o \"$1\" overlay \"$2\" && shift 2 && exec \"$@\"";

  private static final String STARTED = "started";

  private final String name;
  private final Path program;
  private final Host host;
  private final PlainSandbox outside;

  private ContainerRuntime(String name, Path program, Host host, PlainSandbox outside) {
    this.name = name;
    this.program = program;
    this.host = host;
    this.outside = outside;
  }

  /// The runtime `name`, when it is installed together with the programs that it needs.
  ///
  /// @param state a folder for its own use
  public static Optional<ContainerRuntime> find(String name, Path state) throws IOException {
    Optional<Path> program = find(name);
    if (program.isEmpty() || find("unshare").isEmpty() || find("mount").isEmpty()) {
      return Optional.empty();
    }
    Host host = Host.of(Files.createDirectories(state.resolve("stage")));
    PlainSandbox outside = new PlainSandbox(host, Launcher.create(host.arch()));
    return Optional.of(new ContainerRuntime(name, program.get(), host, outside));
  }

  private static Optional<Path> find(String name) {
    return HostProgram.find(name, Map.of("PATH", Wrapped.PATH));
  }

  /// Whether this process has a terminal that a container could use in its place.
  public static boolean onTerminal() {
    return Terminal.isInputAndOutput();
  }

  /// Whether it runs for an ordinary user. Its bundles then map user 0 to user 0, which is the
  /// caller where it is started.
  public boolean rootless() {
    return !host.privileged();
  }

  /// Whether a container can have this user: an ordinary caller has one id to give, and runtimes
  /// want a user 0.
  public boolean hasUser(int uid, int gid) {
    return !rootless() || (uid == 0 && gid == 0);
  }

  /// Runs the container of a bundle on the streams of this process, with `root` as the root
  /// filesystem in the empty directory `rootfs`; empty when the runtime could not start it, and has
  /// said why.
  ///
  /// @param bundle a directory that nobody else uses, on a local file system
  public Optional<Exit> run(Path bundle, String rootfs, Spawn.Root.Overlay root)
      throws IOException, InterruptedException {
    String id = "athanor-" + UUID.randomUUID();
    try {
      Exit exit = outside.run(spawn(bundle, argv(bundle, rootfs, root, id)));
      if (Files.exists(bundle.resolve(STARTED))) {
        return Optional.of(exit);
      }
      if (exit.cause() instanceof Exit.Cause.Signal) {
        throw new InterruptedException("ended before the container was started");
      }
      return Optional.empty();
    } finally {
      if (Files.exists(bundle.resolve("state").resolve(id))) {
        HostProgram.output(
            List.of(
                program.toString(),
                "--root",
                bundle.resolve("state").toString(),
                "delete",
                "--force",
                id),
            "");
      }
    }
  }

  private List<String> argv(Path bundle, String rootfs, Spawn.Root.Overlay root, String id)
      throws IOException {
    List<String> argv = new ArrayList<>(List.of("unshare", "--mount"));
    if (rootless()) {
      argv.addAll(List.of("--user", "--map-root-user"));
    }
    argv.addAll(List.of("--", "/bin/sh", "-c", SCRIPT, "sh", options(bundle, root), rootfs));
    argv.addAll(List.of(program.toString(), "--root", "state"));
    if (name.equals("crun")) {
      // It refuses hosts with both versions of control groups, and nothing here needs any.
      argv.add("--cgroup-manager=disabled");
    } else if (rootless()) {
      argv.add("--rootless=true");
    }
    argv.addAll(List.of("run", "--pid-file", STARTED, id));
    return argv;
  }

  private String options(Path bundle, Spawn.Root.Overlay root) throws IOException {
    List<String> lower = new ArrayList<>();
    for (Path directory : root.lower()) {
      lower.add(link(bundle, "lower" + lower.size(), directory));
    }
    // A device node of the image, or one that the container makes, must not be one of the host's.
    return "nodev,lowerdir="
        + String.join(":", lower)
        + ",upperdir="
        + link(bundle, "upper", root.upper())
        + ",workdir="
        + link(bundle, "work", root.work())
        + (rootless() ? ",userxattr" : "");
  }

  private static String link(Path bundle, String name, Path target) throws IOException {
    Files.createSymbolicLink(bundle.resolve(name), target.toAbsolutePath());
    return name;
  }

  private Spawn spawn(Path bundle, List<String> argv) {
    TreeMap<String, String> env = new TreeMap<>();
    env.put("PATH", Wrapped.PATH);
    env.put("LC_ALL", "C");
    return new Spawn(
        argv,
        env,
        bundle.toString(),
        new Spawn.Root.Host(List.of()),
        List.of(),
        new Spawn.User(host.uid(), host.gid(), List.of()),
        "localhost",
        true,
        Spawn.Limits.NONE,
        new Spawn.Stdio.Inherited());
  }

  @Override
  public void close() {
    outside.close();
  }
}
