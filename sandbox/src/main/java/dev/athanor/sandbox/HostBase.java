package dev.athanor.sandbox;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.SetupOp.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// A root of the host's own paths: all that tells one from another.
///
/// @param visible what it shows
/// @param user who has a name in it
/// @param network whether name service is the host's
/// @param noise whether random numbers are always the same
/// @param mounts places for what is mounted over it
record HostBase(
    List<Path> visible, Spawn.User user, boolean network, boolean noise, List<MountPoint> mounts) {
  HostBase {
    visible = List.copyOf(visible);
    mounts = List.copyOf(mounts);
  }

  /// Steps that were found once, for all spawns of one build: finding them means many looks at the
  /// host's file system.
  static final class Cache {
    private final ConcurrentHashMap<HostBase, List<SetupOp>> known = new ConcurrentHashMap<>();

    List<SetupOp> steps(HostBase base) throws IOException {
      List<SetupOp> steps = known.get(base);
      if (steps == null) {
        steps = base.steps();
        known.put(base, steps);
      }
      return steps;
    }
  }

  /// The steps that make it.
  List<SetupOp> steps() throws IOException {
    List<SetupOp> steps = new ArrayList<>();
    steps.add(new SetupOp.EmptyRoot());
    Skeleton root = new Skeleton(steps);
    for (Path path : visible) {
      show(path.normalize(), root, steps, 0);
    }
    Planner.STANDARD.forEach(root::directory);
    users(root);
    Planner.devices(steps, mounts, noise);
    Planner.STANDARD.forEach(root::cover);
    for (MountPoint mount : mounts) {
      root.mountPoint(mount.target(), mount.directory());
      root.cover(mount.target());
    }
    steps.add(new SetupOp.Seal("/"));
    return List.copyOf(steps);
  }

  /// Binds `path`, and where it or a directory above it is a symlink, makes that link and binds
  /// what it leads to.
  private static void show(Path path, Skeleton root, List<SetupOp> steps, int links)
      throws IOException {
    if (links > 40) {
      throw new IOException("too many symbolic links: " + path);
    }
    Path at = path.getRoot();
    for (Path name : path) {
      at = at.resolve(name);
      if (root.covers(at.toString())) {
        return;
      }
      if (Files.isSymbolicLink(at)) {
        Path text = Files.readSymbolicLink(at);
        root.symlink(at.toString(), text.toString());
        Path led = at.resolveSibling(text).resolve(at.relativize(path)).normalize();
        show(led, root, steps, links + 1);
        return;
      }
    }
    if (Files.exists(path)) {
      root.mountPoint(path.toString(), Files.isDirectory(path));
      root.cover(path.toString());
      steps.add(new SetupOp.Bind(path, path.toString(), false));
    }
  }

  /// Names for the numbers that a process can see.
  private void users(Skeleton root) {
    int uid = user.uid();
    int gid = user.gid();
    String called = user.equals(Circumstances.USER) ? Circumstances.USER_NAME : "build";
    String name =
        uid == 0 ? "" : called + ":x:%d:%d:%s:/build:/bin/sh\n".formatted(uid, gid, called);
    String group = gid == 0 ? "" : called + ":x:" + gid + ":\n";
    root.file(
        "/etc/passwd",
        "root:x:0:0:root:/:/bin/sh\n" + name + "nobody:x:65534:65534:nobody:/:/bin/false\n");
    root.file("/etc/group", "root:x:0:\n" + group + "nogroup:x:65534:\n");
    if (!network) {
      root.file("/etc/hosts", "127.0.0.1 localhost\n");
    }
  }
}
