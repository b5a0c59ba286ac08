package dev.athanor.sandbox;

import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.NamespaceSandbox.Beneath;
import dev.athanor.sandbox.SandboxSpec.Identity;
import dev.athanor.sandbox.SetupOp.MountPoint;
import dev.athanor.sandbox.SetupOp.Upper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns a [Spawn] into the steps that build its view. Looks at the host's file system, to see what
/// is a directory and what a symlink, and changes nothing.
final class Planner {
  private static final List<String> DEVICES =
      List.of("null", "zero", "full", "random", "urandom", "tty");

  /// What a process with network needs of the host to find names.
  private static final List<String> NAME_SERVICE =
      List.of("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf");

  /// Mounts that every view has, in whatever root.
  static final List<String> STANDARD = List.of("/dev", "/proc", "/sys", "/tmp");

  private final Spawn spawn;
  private final List<Spawn.Bind> binds;

  /// For those of the binds that do not come with another.
  private final List<MountPoint> mounts;

  private final List<Beneath> beneath;
  private final HostBase.Cache bases;
  private final List<SetupOp> base = new ArrayList<>();
  private final List<SetupOp> own = new ArrayList<>();

  private Planner(
      Spawn spawn, List<Spawn.Bind> binds, List<Beneath> beneath, HostBase.Cache bases) {
    this.spawn = spawn;
    this.binds = binds;
    this.mounts = mountPoints(binds);
    this.beneath = beneath;
    this.bases = bases;
  }

  /// @throws IOException when the spawn asks for what cannot be shown
  static SandboxSpec plan(Spawn spawn, HostBase.Cache bases) throws IOException {
    return plan(spawn, List.of(), bases);
  }

  static SandboxSpec plan(Spawn spawn, List<Beneath> beneath, HostBase.Cache bases)
      throws IOException {
    Planner planner = new Planner(spawn, binds(spawn), beneath, bases);
    switch (spawn.root()) {
      case Spawn.Root.Host(var visible) -> planner.host(visible);
      case Spawn.Root.Image(var directory) ->
          planner.image(List.of(directory), Optional.empty(), planner.base);
      case Spawn.Root.Overlay(var lower, var upper, var work) ->
          planner.image(lower, Optional.of(new Upper(upper, work)), planner.own);
    }
    if (!beneath.isEmpty()) {
      // What is layered can only be found from where the host's paths are.
      planner.own.addAll(0, planner.base);
      planner.base.clear();
    }
    return new SandboxSpec(planner.base, planner.own, identity(spawn), spawn);
  }

  private static Identity identity(Spawn spawn) {
    boolean range =
        switch (spawn.root()) {
          case Spawn.Root.Host _ -> false;
          case Spawn.Root.Image _ -> spawn.user().uid() == 0;
          case Spawn.Root.Overlay _ -> true;
        };
    return range ? Identity.RANGE : Identity.SINGLE;
  }

  /// The spawn's binds, after those that networking implies.
  private static List<Spawn.Bind> binds(Spawn spawn) throws IOException {
    List<Spawn.Bind> binds = new ArrayList<>();
    if (spawn.network()) {
      for (String file : NAME_SERVICE) {
        Path path = Path.of(file);
        if (Files.exists(path) && spawn.binds().stream().noneMatch(b -> b.target().equals(file))) {
          binds.add(new Spawn.Bind(path.toRealPath(), file, false));
        }
      }
    }
    binds.addAll(spawn.binds());
    return binds;
  }

  private void host(List<Path> visible) throws IOException {
    base.addAll(bases.steps(new HostBase(visible, spawn.user(), spawn.network(), noise(), mounts)));
    mounts(binds);
  }

  /// Those that do not come with another.
  private static List<MountPoint> mountPoints(List<Spawn.Bind> binds) {
    List<MountPoint> points = new ArrayList<>();
    for (Spawn.Bind bind : binds) {
      if (points.stream().noneMatch(it -> Skeleton.isBelow(bind.target(), it.target()))) {
        points.add(new MountPoint(bind.target(), Files.isDirectory(bind.source())));
      }
    }
    return points;
  }

  // A root of an image, or of several directories over each other.

  private void image(List<Path> lower, Optional<Upper> upper, List<SetupOp> start)
      throws IOException {
    ImagePaths paths = new ImagePaths(lower);
    List<MountPoint> mountPoints = new ArrayList<>();
    List<String> covered = new ArrayList<>(STANDARD);
    STANDARD.forEach(target -> mountPoints.add(new MountPoint(target, true)));
    List<Spawn.Bind> resolved = new ArrayList<>();
    for (Spawn.Bind bind : binds) {
      String target = paths.resolve(bind.target());
      resolved.add(new Spawn.Bind(bind.source(), target, bind.writable()));
      if (covered.stream().noneMatch(cover -> Skeleton.isBelow(target, cover))) {
        mountPoints.add(new MountPoint(target, Files.isDirectory(bind.source())));
      }
      covered.add(target);
    }
    boolean complete =
        mountPoints.stream().allMatch(point -> paths.has(point.target(), point.directory()));
    start.add(
        complete && upper.isEmpty()
            ? new SetupOp.DirectoryRoot(lower.getFirst())
            : new SetupOp.OverlayRoot(lower, complete ? List.of() : mountPoints, upper));
    start.add(new SetupOp.Tmpfs("/sys", 0755));
    start.add(new SetupOp.Seal("/sys"));
    devices(start, mounts, noise());
    mounts(resolved);
  }

  // What both have.

  private boolean noise() {
    return spawn.varied().contains(Factor.RANDOMNESS);
  }

  /// @param noise whether random numbers are always the same
  static void devices(List<SetupOp> ops, List<MountPoint> mounts, boolean noise) {
    ops.add(new SetupOp.Tmpfs("/dev", 0755));
    for (String device : DEVICES) {
      if (noise && device.endsWith("random")) {
        ops.add(new SetupOp.Noise("/dev/" + device));
      } else {
        ops.add(new SetupOp.Touch("/dev/" + device));
        ops.add(new SetupOp.Device(device));
      }
    }
    ops.add(new SetupOp.Symlink("/dev/ptmx", "pts/ptmx"));
    ops.add(new SetupOp.Symlink("/dev/fd", "/proc/self/fd"));
    ops.add(new SetupOp.Symlink("/dev/stdin", "/proc/self/fd/0"));
    ops.add(new SetupOp.Symlink("/dev/stdout", "/proc/self/fd/1"));
    ops.add(new SetupOp.Symlink("/dev/stderr", "/proc/self/fd/2"));
    ops.add(new SetupOp.Mkdir("/dev/shm"));
    ops.add(new SetupOp.Mkdir("/dev/pts"));
    below("/dev", mounts, new Skeleton(ops));
    ops.add(new SetupOp.Seal("/dev"));
  }

  /// What no two spawns share, and the binds over it.
  private void mounts(List<Spawn.Bind> resolved) {
    own.add(new SetupOp.Tmpfs("/dev/shm", 01777));
    own.add(new SetupOp.Devpts("/dev/pts"));
    own.add(new SetupOp.Tmpfs("/tmp", 01777));
    below("/tmp", mounts, new Skeleton(own));
    for (Spawn.Bind bind : resolved) {
      own.add(bind(bind));
    }
    own.add(new SetupOp.Proc("/proc"));
  }

  private SetupOp bind(Spawn.Bind bind) {
    for (Beneath it : beneath) {
      if (it.target().equals(bind.target())) {
        return new SetupOp.Overlay(bind.target(), it.lower(), new Upper(bind.source(), it.work()));
      }
    }
    return new SetupOp.Bind(bind.source(), bind.target(), bind.writable());
  }

  /// Mount points of the binds that lie in one of our own file systems.
  private static void below(String mount, List<MountPoint> mounts, Skeleton skeleton) {
    skeleton.assume(mount);
    skeleton.cover("/dev/shm");
    skeleton.cover("/dev/pts");
    for (MountPoint point : mounts) {
      if (point.target().startsWith(mount + "/")) {
        skeleton.mountPoint(point.target(), point.directory());
        skeleton.cover(point.target());
      }
    }
  }
}
