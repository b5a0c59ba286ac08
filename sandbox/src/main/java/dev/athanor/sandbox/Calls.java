package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.slot;
import static dev.athanor.sandbox.Program.text;

import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Program.Argument;
import dev.athanor.sandbox.Program.Label;
import dev.athanor.sandbox.Program.Slot;
import dev.athanor.sandbox.Program.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Groups of system calls that more than one kind of [Program] is made of.
final class Calls {
  static final int CLONE_NEWNS = 0x20000;
  static final int CLONE_NEWCGROUP = 0x2000000;
  static final int CLONE_NEWUTS = 0x4000000;
  static final int CLONE_NEWIPC = 0x8000000;
  static final int CLONE_NEWUSER = 0x10000000;
  static final int CLONE_NEWPID = 0x20000000;
  static final int CLONE_NEWNET = 0x40000000;
  static final int CLONE_VM = 0x100;
  static final int CLONE_PARENT = 0x8000;
  static final int CLONE_PARENT_SETTID = 0x100000;
  static final int SIGCHLD = 17;
  static final int PR_SET_PDEATHSIG = 1;
  static final int WALL = 0x40000000;

  static final int FUTEX_WAIT = 0;
  static final int FUTEX_WAKE = 1;

  // How far a command is that is to be traced: it waits for that, or need not any more.
  static final long TO_BE_TRACED = 1;
  static final long TRACED = 2;

  private static final int PR_SET_DUMPABLE = 4;
  private static final int CLONE_VFORK = 0x4000;
  private static final int SIGSTOP = 19;
  private static final int WNOHANG = 1;
  private static final int SIG_SETMASK = 2;
  private static final int POLLIN = 1;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_APPEND = 0x400;
  private static final int MS_REC = 0x4000;
  private static final int MS_SLAVE = 0x80000;
  private static final int MNT_DETACH = 2;
  private static final long ALL_DESCRIPTORS = 0xffff_ffffL;

  private final Program program;

  Calls(Program program) {
    this.program = program;
  }

  void closeFrom(int descriptor) {
    program.call(Syscall.CLOSE_RANGE, number(descriptor), number(ALL_DESCRIPTORS));
  }

  /// Asks to be killed with the JVM's thread that started this process, and sees to it that the JVM
  /// had not died just before. Becoming another user undoes the first part.
  void dieWithJvm() {
    program.call(Syscall.PRCTL, number(PR_SET_PDEATHSIG), number(Libc.SIGKILL));
    ByteBuffer poll = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    poll.putInt(Fd.LIFE).putShort((short) POLLIN);
    Label alive = new Label();
    program
        .call(
            Syscall.PPOLL,
            Program.bytes(poll),
            number(1),
            Program.bytes(ByteBuffer.allocate(16)),
            number(0),
            number(0))
        .when(0, alive);
    exit();
    program.place(alive);
  }

  void exit() {
    program.call(Syscall.EXIT_GROUP, number(0));
  }

  /// Waits to be continued, or killed, by the JVM.
  void stop() {
    Step pid = program.call(Syscall.GETPID);
    pid.store(program.call(Syscall.KILL, number(0), number(SIGSTOP)), 0);
  }

  void join(int namespace, int kind) {
    program.call(Syscall.SETNS, number(namespace), number(kind));
  }

  /// Has mounts of its own. What is mounted on the host later appears among them, and nothing the
  /// other way round.
  void ownMounts() {
    program.call(Syscall.UNSHARE, number(CLONE_NEWNS));
    program.call(
        Syscall.MOUNT, text("none"), text("/"), number(0), number(MS_REC | MS_SLAVE), number(0));
  }

  /// Makes the mount at `stage` the root, and forgets the other one.
  void enterRoot(String stage) {
    program.call(Syscall.CHDIR, text(stage));
    // The old root ends up stacked on the new one, and is then taken off.
    program.call(Syscall.PIVOT_ROOT, text("."), text("."));
    program.call(Syscall.UMOUNT2, text("."), number(MNT_DETACH));
    program.call(Syscall.CHDIR, text("/"));
  }

  void streams(Spawn.Stdio stdio) {
    switch (stdio) {
      case Spawn.Stdio.Files(var stdout, var stderr) -> {
        stream(Path.of("/dev/null"), 0, Fd.STDIN);
        stream(stdout, O_WRONLY | O_CREAT | O_APPEND, Fd.STDOUT);
        stream(stderr, O_WRONLY | O_CREAT | O_APPEND, Fd.STDERR);
      }
      case Spawn.Stdio.Inherited() -> {}
    }
  }

  private void stream(Path path, int flags, int as) {
    open(path, flags);
    program.call(Syscall.DUP3, number(Fd.NEXT), number(as), number(0));
    program.call(Syscall.CLOSE, number(Fd.NEXT));
  }

  private void open(Path path, int flags) {
    program.call(
        Syscall.OPENAT, number(Libc.AT_FDCWD), text(path.toString()), number(flags), number(0644));
  }

  /// Opens the control groups, to join them where they cannot be seen any more.
  void openGroups(Bounds bounds) {
    int as = Fd.GROUP;
    for (Path directory : bounds.directories()) {
      open(directory.resolve("cgroup.procs"), O_WRONLY);
      program.call(Syscall.DUP3, number(Fd.NEXT), number(as++), number(0));
      program.call(Syscall.CLOSE, number(Fd.NEXT));
    }
  }

  /// Moves this process into the control groups that were opened.
  void joinGroups(Bounds bounds) {
    for (int i = 0; i < bounds.directories().size(); i++) {
      program.call(Syscall.WRITE, number(Fd.GROUP + i), text("0"), number(1));
    }
  }

  /// Waits until the JVM traces this process.
  void awaitTracer() {
    program.value(TO_BE_TRACED).store(Slot.TRACED);
    program.call(Syscall.FUTEX, slot(Slot.TRACED), number(FUTEX_WAKE), number(Integer.MAX_VALUE));
    Label again = program.here();
    Label traced = new Label();
    program
        .call(Syscall.FUTEX, slot(Slot.TRACED), number(FUTEX_WAIT), number(TO_BE_TRACED), number(0))
        .when(0, again)
        .onError(traced);
    program.place(traced);
  }

  /// Whether other processes of the same user may see the memory and the root of this one, and of
  /// those it shares its memory with.
  void visible(boolean visible) {
    program.call(Syscall.PRCTL, number(PR_SET_DUMPABLE), number(visible ? 1 : 0));
  }

  /// Starts and reaps processes until one had the number `last`.
  void skipNumbers(int last) {
    Label child = new Label();
    Label done = new Label();
    Label again = program.here();
    int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
    Step start = program.call(Syscall.CLONE, number(flags), number(0)).when(0, child);
    program.call(Syscall.WAIT4, number(-1), number(0), number(WALL));
    start.store(program.value(0).when(last, done), 0);
    program.jump(again);
    program.place(child);
    exit();
    program.place(done);
  }

  void signalMask(long signals) {
    program.call(
        Syscall.RT_SIGPROCMASK, number(SIG_SETMASK), signals(signals), number(0), number(8));
  }

  private static Argument signals(long set) {
    return Program.bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(set));
  }

  /// Starts the process that becomes the command, whose steps the caller places at the label; hands
  /// it the signals that come; and reaps whatever dies until it has died itself.
  ///
  /// The command begins with all signals blocked.
  ///
  /// @param terminal whether it takes the terminal over
  Label startAndReap(boolean terminal) {
    signalMask(-1);
    Label command = new Label();
    Label loop = new Label();
    Label reap = new Label();
    Label ended = new Label();
    int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD;
    Step start = program.call(Syscall.CLONE, number(flags), number(0));
    if (terminal) {
      // With its parent in another session, the command's process group is an orphaned one, which
      // the terminal cannot suspend. Nobody would be there to resume it.
      program.call(Syscall.SETSID);
    }
    program.place(loop);
    Step wait = program.call(Syscall.RT_SIGTIMEDWAIT, signals(-1), number(0), number(0), number(8));
    Step forward = program.call(Syscall.KILL, number(0), number(0)).orNot();
    wait.when(SIGCHLD, reap).onError(loop).store(forward, 1);
    program.jump(loop);

    program.place(reap);
    Step dead =
        program
            .call(Syscall.WAIT4, number(-1), slot(Slot.STATUS), number(WNOHANG | WALL))
            .when(0, loop)
            .onError(loop);
    Step which = program.value(0).when(0, ended);
    dead.store(which, 0);
    program.jump(reap);

    // The new process's number goes to both places that need it.
    start.when(0, command).argument(2, forward.argumentAddress(0)).storeValue(which);
    program.place(ended);
    program.value(1).store(Slot.ENDED);
    return command;
  }
}
