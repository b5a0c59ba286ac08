package dev.athanor.sandbox;

import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Control groups, which bound what a whole process tree may take. Works with the unified hierarchy
/// and with the older one that has a tree for each controller, wherever this process may make a
/// group below or beside its own.
final class Cgroups {
  private static final String PREFIX = "athanor-";

  private static final AtomicLong COUNT = new AtomicLong();

  private final Path cgroup;
  private final Path mountInfo;

  /// Groups below which nothing is left of processes that are gone.
  private final Set<Path> cleaned = ConcurrentHashMap.newKeySet();

  /// @param cgroup says in which groups this process is: `/proc/self/cgroup`
  /// @param mountInfo says where hierarchies are mounted: `/proc/self/mountinfo`
  Cgroups(Path cgroup, Path mountInfo) {
    this.cgroup = cgroup;
    this.mountInfo = mountInfo;
  }

  static Cgroups host() {
    return new Cgroups(Path.of("/proc/self/cgroup"), Path.of("/proc/self/mountinfo"));
  }

  /// The groups of one process tree, one in each hierarchy that bounds something.
  ///
  /// @param limits that were asked for
  /// @param missing limits for which no group could be had
  record Group(List<Path> directories, List<Limit> limits, List<Limit> missing) {
    Group {
      directories = List.copyOf(directories);
      limits = List.copyOf(limits);
      missing = List.copyOf(missing);
    }

    /// Moves a process into the groups. That takes the kernel some milliseconds.
    ///
    /// @return the groups that it is in; one that it may not join is as if it were not there
    Group with(int pid) {
      List<Path> joined = new ArrayList<>();
      List<Limit> refused = new ArrayList<>(missing);
      for (Path directory : directories) {
        try {
          Files.writeString(directory.resolve("cgroup.procs"), Integer.toString(pid));
          joined.add(directory);
        } catch (IOException e) {
          removeQuietly(directory);
          refused.addAll(limits);
        }
      }
      return new Group(joined, limits, refused);
    }

    /// Removes the groups, which have to be without processes.
    void remove() {
      directories.forEach(Cgroups::removeQuietly);
    }
  }

  /// One bound, and the files that set it.
  private enum Controller {
    PIDS("pids", "pids.max", "pids.max"),
    MEMORY("memory", "memory.max", "memory.limit_in_bytes");

    private final String id;
    private final String unified;
    private final String legacy;

    Controller(String id, String unified, String legacy) {
      this.id = id;
      this.unified = unified;
      this.legacy = legacy;
    }
  }

  record Limit(Controller controller, long value) {
    static Limit processes(int count) {
      // Our own count too: a fork server, the first process and process 1.
      return new Limit(Controller.PIDS, count + 3L);
    }

    static Limit memory(long bytes) {
      return new Limit(Controller.MEMORY, bytes);
    }

    boolean isMemory() {
      return controller == Controller.MEMORY;
    }
  }

  /// Makes groups for the limits.
  Group group(Spawn.Limits limits) throws IOException {
    List<Limit> wanted = new ArrayList<>();
    limits.processes().ifPresent(count -> wanted.add(Limit.processes(count)));
    limits.memoryBytes().ifPresent(bytes -> wanted.add(Limit.memory(bytes)));
    List<Path> directories = new ArrayList<>();
    List<Limit> missing = new ArrayList<>();
    if (!wanted.isEmpty()) {
      String name = PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
      for (Limit limit : wanted) {
        Optional<Path> set = legacy(limit, name).or(() -> unified(limit, name));
        set.filter(path -> !directories.contains(path)).ifPresent(directories::add);
        if (set.isEmpty()) {
          missing.add(limit);
        }
      }
    }
    return new Group(directories, wanted, missing);
  }

  private Optional<Path> legacy(Limit limit, String name) {
    return own("cgroup", limit.controller.id)
        .flatMap(own -> set(own.resolve(name), limit.controller.legacy, limit.value));
  }

  /// Below its own group first, which has to hand the controller on; then beside it, because a
  /// group with processes in it may not hand controllers on.
  private Optional<Path> unified(Limit limit, String name) {
    Optional<Path> own = own("cgroup2", "");
    return own.flatMap(path -> below(path, limit, name))
        .or(() ->
            own.map(Path::getParent)
                .filter(parent -> Files.exists(parent.resolve("cgroup.controllers")))
                .flatMap(parent -> below(parent, limit, name)));
  }

  private Optional<Path> below(Path parent, Limit limit, String name) {
    try {
      Path control = parent.resolve("cgroup.subtree_control");
      if (!Files.readString(control).contains(limit.controller.id)) {
        Files.writeString(control, "+" + limit.controller.id);
      }
      return set(parent.resolve(name), limit.controller.unified, limit.value);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<Path> set(Path group, String file, long value) {
    try {
      removeLeftovers(group.getParent());
      Files.createDirectories(group);
      Files.writeString(group.resolve(file), Long.toString(value));
      return Optional.of(group);
    } catch (IOException e) {
      removeQuietly(group);
      return Optional.empty();
    }
  }

  /// Removes groups of processes that were killed before they could. Once is enough.
  private void removeLeftovers(@Nullable Path parent) throws IOException {
    if (parent == null || !cleaned.add(parent)) {
      return;
    }
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, PREFIX + "*-*")) {
      for (Path group : groups) {
        String name = String.valueOf(group.getFileName());
        String pid = name.substring(PREFIX.length(), name.lastIndexOf('-'));
        if (pid.matches("[0-9]+") && !Files.exists(Path.of("/proc").resolve(pid))) {
          removeQuietly(group);
        }
      }
    }
  }

  private static void removeQuietly(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      // The kernel may not have noticed yet that the last process is gone. An empty group that
      // stays behind costs little.
    }
  }

  /// The group that this process is in.
  private Optional<Path> own(String type, String controller) {
    try (Stream<String> mounts = Files.lines(mountInfo);
        Stream<String> groups = Files.lines(cgroup)) {
      // 31 23 0:26 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
      Optional<String> mount =
          mounts
              .filter(line -> line.contains(" - " + type + " "))
              .filter(line -> controller.isEmpty() || options(line).contains(controller))
              .map(line -> line.split(" ", -1)[4])
              .findFirst();
      // 8:pids:/some/group, and 0::/some/group for the unified hierarchy
      Optional<String> group =
          groups
              .map(line -> line.split(":", 3))
              .filter(fields -> List.of(fields[1].split(",", -1)).contains(controller))
              .map(fields -> fields[2])
              .findFirst();
      return mount.flatMap(
          at -> group.map(path -> Path.of(at + path).normalize()).filter(Files::isDirectory));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> options(String mount) {
    return List.of(mount.substring(mount.lastIndexOf(' ') + 1).split(",", -1));
  }
}
