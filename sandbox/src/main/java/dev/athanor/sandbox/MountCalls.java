package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Renders [SetupOp]s as system calls that build the view under a directory of the host, the stage,
/// where the process still sees the host's paths too. Or, with an empty stage, in a root of its
/// own, where it does not: then what it binds was picked up before.
final class MountCalls {
  private static final int MS_NOSUID = 2;
  private static final int MS_NODEV = 4;
  private static final int MS_NOEXEC = 8;
  private static final int MS_RDONLY = 1;
  private static final int MS_BIND = 0x1000;
  private static final int MS_REC = 0x4000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int O_CREAT_WRONLY = 0x41;

  private static final int NOISE = 1 << 20;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

  private final Program program;
  private final String stage;

  /// Descriptors of what was picked up.
  private final Map<SetupOp.Bind, Integer> picked = new LinkedHashMap<>();

  MountCalls(Program program, String stage) {
    this.program = program;
    this.stage = stage;
  }

  /// Opens what `ops` bind, for this process to take along to where it cannot be seen any more.
  /// What lies within an earlier source can be seen there.
  void pickUp(List<SetupOp> ops) {
    for (SetupOp op : ops) {
      if (op instanceof SetupOp.Bind bind && !isVisible(bind.source())) {
        program.call(
            Syscall.OPEN_TREE,
            number(Libc.AT_FDCWD),
            text(bind.source().toString()),
            number(OPEN_TREE_CLONE | AT_RECURSIVE));
        picked.put(bind, Fd.NEXT + picked.size());
      }
    }
  }

  private boolean isVisible(Path source) {
    return picked.keySet().stream().anyMatch(earlier -> source.startsWith(earlier.source()));
  }

  /// Leaves the host's /proc where the process's own will be mounted. The kernel does not let a
  /// user namespace mount any where none can be seen.
  void keepProc() {
    program.call(
        Syscall.MOUNT, text("/proc"), inside("/proc"), number(0), number(MS_BIND | MS_REC));
  }

  void add(SetupOp op) {
    switch (op) {
      case SetupOp.EmptyRoot() -> tmpfs("/", 0755);
      case SetupOp.DirectoryRoot(var directory) -> bind(directory.toString(), "/", false);
      case SetupOp.OverlayRoot root -> overlay(root);
      case SetupOp.Mkdir(var target) -> mkdir(target);
      case SetupOp.Touch(var target) -> file(target, new byte[0]);
      case SetupOp.File(var target, var content) ->
          file(target, content.getBytes(StandardCharsets.UTF_8));
      case SetupOp.Noise(var target) -> file(target, noise());
      case SetupOp.Symlink(var target, var link) ->
          program.call(Syscall.SYMLINKAT, text(link), number(Libc.AT_FDCWD), inside(target));
      case SetupOp.Bind bind -> bind(bind);
      case SetupOp.Overlay(var target, var lower, var upper) ->
          overlay(target, List.of(escape(lower.toString())), Optional.of(upper));
      case SetupOp.Device(var name) -> device(name);
      case SetupOp.Tmpfs(var target, var mode) -> tmpfs(target, mode);
      case SetupOp.Devpts(var target) ->
          mount("devpts", target, MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
      case SetupOp.Proc(var target) ->
          mount("proc", target, MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "");
      case SetupOp.Seal(var target) -> attributes(target, 0, MS_RDONLY);
    }
  }

  private void mkdir(String target) {
    program.call(Syscall.MKDIRAT, number(Libc.AT_FDCWD), inside(target), number(0755));
  }

  private void file(String target, byte[] content) {
    program.call(
        Syscall.OPENAT,
        number(Libc.AT_FDCWD),
        inside(target),
        number(O_CREAT_WRONLY),
        number(0644));
    if (content.length > 0) {
      program.call(
          Syscall.WRITE,
          number(Fd.NEXT + picked.size()),
          Program.bytes(ByteBuffer.wrap(content)),
          number(content.length));
    }
    program.call(Syscall.CLOSE, number(Fd.NEXT + picked.size()));
  }

  /// Enough for whoever takes a few bytes after the other, until some please him.
  private static byte[] noise() {
    ByteBuffer noise = ByteBuffer.allocate(NOISE).order(ByteOrder.LITTLE_ENDIAN);
    Life life = Life.first(Instant.EPOCH).child();
    while (noise.hasRemaining()) {
      noise.putLong(life.random());
    }
    return noise.array();
  }

  private void bind(String source, String target, boolean writable) {
    program.call(Syscall.MOUNT, text(source), inside(target), number(0), number(MS_BIND | MS_REC));
    attributes(target, AT_RECURSIVE, flags(writable));
  }

  private void bind(SetupOp.Bind bind) {
    Integer descriptor = picked.get(bind);
    if (descriptor != null) {
      attach(descriptor, bind);
    } else {
      bind(
          stage.isEmpty() ? visible(bind.source()) : bind.source().toString(),
          bind.target(),
          bind.writable());
    }
  }

  private void attach(int descriptor, SetupOp.Bind bind) {
    attributes(number(descriptor), text(""), AT_EMPTY_PATH | AT_RECURSIVE, flags(bind.writable()));
    program.call(
        Syscall.MOVE_MOUNT,
        number(descriptor),
        text(""),
        number(Libc.AT_FDCWD),
        inside(bind.target()),
        number(MOVE_MOUNT_F_EMPTY_PATH));
  }

  /// Where a part of what was bound is to be found inside.
  private String visible(Path source) {
    for (SetupOp.Bind bind : picked.keySet()) {
      if (source.startsWith(bind.source())) {
        return bind.target() + "/" + bind.source().relativize(source);
      }
    }
    throw new IllegalStateException("not picked up: " + source);
  }

  private static int flags(boolean writable) {
    return MS_NOSUID | MS_NODEV | (writable ? 0 : MS_RDONLY);
  }

  private void device(String name) {
    String target = "/dev/" + name;
    program.call(Syscall.MOUNT, text(target), inside(target), number(0), number(MS_BIND));
    attributes(target, 0, MS_NOSUID | MS_NOEXEC);
  }

  private void tmpfs(String target, int mode) {
    mount("tmpfs", target, MS_NOSUID | MS_NODEV, "mode=" + Integer.toOctalString(mode));
  }

  /// Directories for the mounts to come lie in a file system of their own at the very bottom.
  private void overlay(SetupOp.OverlayRoot root) {
    List<String> lower = new ArrayList<>();
    root.lower().forEach(directory -> lower.add(escape(directory.toString())));
    if (!root.mountPoints().isEmpty()) {
      tmpfs("/", 0755);
      List<SetupOp> ops = new ArrayList<>();
      Skeleton skeleton = new Skeleton(ops);
      root.mountPoints().forEach(point -> skeleton.mountPoint(point.target(), point.directory()));
      ops.forEach(this::add);
      lower.add(escape(stage));
    }
    overlay("/", lower, root.upper());
  }

  private void overlay(String target, List<String> lower, Optional<SetupOp.Upper> upper) {
    String options = "userxattr,lowerdir=" + String.join(":", lower);
    if (upper.isPresent()) {
      options +=
          ",upperdir="
              + escape(upper.get().upper().toString())
              + ",workdir="
              + escape(upper.get().work().toString());
    }
    mount("overlay", target, MS_NOSUID | MS_NODEV, options);
  }

  /// Colons separate layers, commas separate options.
  static String escape(String path) {
    return path.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
  }

  private void mount(String type, String target, int flags, String options) {
    program.call(
        Syscall.MOUNT, text(type), inside(target), text(type), number(flags), text(options));
  }

  private void attributes(String target, int how, int set) {
    attributes(number(Libc.AT_FDCWD), inside(target), how, set);
  }

  /// Adds flags to a mount, which keeps those it has: some cannot be taken off where the mount came
  /// from a more privileged user. The flags have the same values as those of `mount`.
  private void attributes(Program.Argument directory, Program.Argument path, int how, int set) {
    ByteBuffer attributes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(set);
    program.call(
        Syscall.MOUNT_SETATTR, directory, path, number(how), Program.bytes(attributes), number(32));
  }

  private Program.Argument inside(String target) {
    return text(target.equals("/") && !stage.isEmpty() ? stage : stage + target);
  }
}
