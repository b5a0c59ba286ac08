package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Renders [SetupOp]s as system calls that build the view under a directory of the host, the stage,
/// where the process still sees the host's paths too.
final class MountCalls {
  private static final int MS_NOSUID = 2;
  private static final int MS_NODEV = 4;
  private static final int MS_NOEXEC = 8;
  private static final int MS_RDONLY = 1;
  private static final int MS_BIND = 0x1000;
  private static final int MS_REC = 0x4000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int O_CREAT_WRONLY = 0x41;

  private final Program program;
  private final String stage;

  MountCalls(Program program, String stage) {
    this.program = program;
    this.stage = stage;
  }

  String stage() {
    return stage;
  }

  void add(SetupOp op) {
    switch (op) {
      case SetupOp.EmptyRoot() -> tmpfs("/", 0755);
      case SetupOp.DirectoryRoot(var directory) -> bind(directory.toString(), "/", false);
      case SetupOp.OverlayRoot root -> overlay(root);
      case SetupOp.Mkdir(var target) -> mkdir(target);
      case SetupOp.Touch(var target) -> file(target, "");
      case SetupOp.File(var target, var content) -> file(target, content);
      case SetupOp.Symlink(var target, var link) ->
          program.call(Syscall.SYMLINKAT, text(link), number(Libc.AT_FDCWD), inside(target));
      case SetupOp.Bind(var source, var target, var writable) ->
          bind(source.toString(), target, writable);
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

  private void file(String target, String content) {
    program.call(
        Syscall.OPENAT,
        number(Libc.AT_FDCWD),
        inside(target),
        number(O_CREAT_WRONLY),
        number(0644));
    if (!content.isEmpty()) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      program.call(
          Syscall.WRITE,
          number(Fd.NEXT),
          Program.bytes(ByteBuffer.wrap(bytes)),
          number(bytes.length));
    }
    program.call(Syscall.CLOSE, number(Fd.NEXT));
  }

  private void bind(String source, String target, boolean writable) {
    program.call(Syscall.MOUNT, text(source), inside(target), number(0), number(MS_BIND | MS_REC));
    attributes(target, AT_RECURSIVE, MS_NOSUID | MS_NODEV | (writable ? 0 : MS_RDONLY));
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
    String options = "userxattr,lowerdir=" + String.join(":", lower);
    Optional<SetupOp.Upper> upper = root.upper();
    if (upper.isPresent()) {
      options +=
          ",upperdir="
              + escape(upper.get().upper().toString())
              + ",workdir="
              + escape(upper.get().work().toString());
    }
    mount("overlay", "/", MS_NOSUID | MS_NODEV, options);
  }

  /// Colons separate layers, commas separate options.
  static String escape(String path) {
    return path.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
  }

  private void mount(String type, String target, int flags, String options) {
    program.call(
        Syscall.MOUNT, text(type), inside(target), text(type), number(flags), text(options));
  }

  /// Adds flags to a mount, which keeps those it has: some cannot be taken off where the mount came
  /// from a more privileged user. The flags have the same values as those of `mount`.
  private void attributes(String target, int how, int set) {
    ByteBuffer attributes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(set);
    program.call(
        Syscall.MOUNT_SETATTR,
        number(Libc.AT_FDCWD),
        inside(target),
        number(how),
        Program.bytes(attributes),
        number(32));
  }

  private Program.Argument inside(String target) {
    return text(target.equals("/") ? stage : stage + target);
  }
}
