package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.slot;
import static dev.athanor.sandbox.Program.text;

import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Program.Label;
import dev.athanor.sandbox.Program.Slot;
import dev.athanor.sandbox.SandboxSpec.Identity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Renders a [SandboxSpec] as a [Program] of system calls.
///
/// Three processes take part. The *first* is spawned by the JVM, joins the namespaces of a
/// [Template], adds its own, and mounts; it leaves process 1 of the new process namespace behind as
/// a child of the JVM, and ends. *Process 1* mounts /proc, makes the new root the root, starts the
/// *command*, hands it the signals that it gets itself, reaps whatever dies, and ends when the
/// command does, upon which the kernel kills all that is left in the namespace. All of them and the
/// JVM share the program's memory, through which they report.
final class SpecProgram {
  private static final int CLONE_NEWNS = 0x20000;
  private static final int CLONE_NEWCGROUP = 0x2000000;
  private static final int CLONE_NEWUTS = 0x4000000;
  private static final int CLONE_NEWIPC = 0x8000000;
  private static final int CLONE_NEWUSER = 0x10000000;
  private static final int CLONE_NEWPID = 0x20000000;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int CLONE_VM = 0x100;
  private static final int CLONE_VFORK = 0x4000;
  private static final int CLONE_PARENT = 0x8000;
  private static final int CLONE_PARENT_SETTID = 0x100000;
  private static final int SIGCHLD = 17;
  private static final int SIGSTOP = 19;
  private static final int WALL = 0x40000000;
  private static final int WNOHANG = 1;
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int MNT_DETACH = 2;
  private static final int MS_REC = 0x4000;
  private static final int MS_SLAVE = 0x80000;
  private static final int O_WRONLY = 1;
  private static final int O_APPEND = 0x400;

  private final Program program = new Program();
  private final MountCalls mounts;

  private SpecProgram(String stage) {
    this.mounts = new MountCalls(program, stage);
  }

  /// Makes the namespaces of a template, mounts what is common, and waits to be killed. With
  /// `userNamespace` it first waits once to have its user ids mapped.
  static Program template(Iterable<SetupOp> base, boolean userNamespace, String stage) {
    SpecProgram it = new SpecProgram(stage);
    it.closeInherited();
    it.dieWithJvm();
    if (userNamespace) {
      it.program.call(Syscall.UNSHARE, number(CLONE_NEWUSER));
      it.dieWithJvm();
      it.stop();
    }
    it.program.call(Syscall.UNSHARE, number(CLONE_NEWNS | CLONE_NEWNET));
    // What is mounted on the host later should be seen here, but nothing the other way round.
    it.program.call(
        Syscall.MOUNT, text("none"), text("/"), number(0), number(MS_REC | MS_SLAVE), number(0));
    base.forEach(it.mounts::add);
    it.stop();
    return it.program;
  }

  private void stop() {
    Program.Step pid = program.call(Syscall.GETPID);
    pid.store(program.call(Syscall.KILL, number(0), number(SIGSTOP)), 0);
  }

  /// Runs the command in the namespaces that it is given as descriptors.
  ///
  /// @param terminal whether the command takes the terminal over
  static Program run(SandboxSpec spec, Host host, Bounds bounds, boolean terminal) {
    SpecProgram it = new SpecProgram(host.stage().toString());
    it.closeInherited();
    it.streams(spec.spawn());
    it.joinGroups(bounds);
    it.first(spec, needsUserNamespace(spec.identity(), host.privileged()));
    it.processOne(spec);
    Label command = it.startAndReap(terminal);
    it.program.call(Syscall.EXIT_GROUP, number(0));
    it.program.place(command);
    CommandCalls.add(it.program, spec, bounds, host.arch(), terminal);
    return it.program;
  }

  private void joinGroups(Bounds bounds) {
    for (Path directory : bounds.directories()) {
      program.call(
          Syscall.OPENAT,
          number(Libc.AT_FDCWD),
          text(directory.resolve("cgroup.procs").toString()),
          number(O_WRONLY));
      program.call(Syscall.WRITE, number(Fd.NEXT), text("0"), number(1));
      program.call(Syscall.CLOSE, number(Fd.NEXT));
    }
  }

  private void first(SandboxSpec spec, boolean userNamespace) {
    if (userNamespace) {
      // Groups of the JVM's user would show inside. Only a privileged process can drop them.
      program.call(Syscall.SETGROUPS, number(0), number(0)).orNot();
      join(Fd.USER_NAMESPACE, CLONE_NEWUSER);
    }
    join(Fd.MOUNT_NAMESPACE, CLONE_NEWNS);
    if (!spec.spawn().network()) {
      join(Fd.NET_NAMESPACE, CLONE_NEWNET);
    }
    program.call(
        Syscall.UNSHARE,
        number(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP));
    String host = spec.spawn().hostname();
    program.call(Syscall.SETHOSTNAME, text(host), number(host.length()));
    program.call(Syscall.SETDOMAINNAME, text(""), number(0));
    for (SetupOp op : spec.own()) {
      if (!(op instanceof SetupOp.Proc)) {
        mounts.add(op);
      }
    }
    Label processOne = new Label();
    program
        .call(
            Syscall.CLONE,
            number(CLONE_VM | CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD),
            number(0),
            slot(Slot.CHILD))
        .when(0, processOne);
    program.call(Syscall.EXIT_GROUP, number(0));
    program.place(processOne);
  }

  private void processOne(SandboxSpec spec) {
    dieWithJvm();
    for (SetupOp op : spec.own()) {
      if (op instanceof SetupOp.Proc) {
        mounts.add(op);
      }
    }
    enterRoot();
    // The command, when it is the same user, shall not see this process's memory and root.
    program.call(Syscall.PRCTL, number(PR_SET_DUMPABLE), number(0));
    signalMask(-1);
  }

  /// Starts the process that becomes the command, whose steps the caller places at the label, hands
  /// it the signals that come, and reaps whatever dies until it has died itself.
  ///
  /// The command begins with all signals blocked.
  private Label startAndReap(boolean terminal) {
    Label command = new Label();
    Label loop = new Label();
    Label reap = new Label();
    Label ended = new Label();
    Program.Step start =
        program.call(
            Syscall.CLONE,
            number(CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD),
            number(0));
    if (terminal) {
      // With its parent in another session, the command's process group is an orphaned one, which
      // the terminal cannot suspend. Nobody would be there to resume it.
      program.call(Syscall.SETSID);
    }
    program.place(loop);
    Program.Step wait =
        program.call(Syscall.RT_SIGTIMEDWAIT, signals(-1), number(0), number(0), number(8));
    Program.Step forward = program.call(Syscall.KILL, number(0), number(0)).orNot();
    wait.when(SIGCHLD, reap).onError(loop).store(forward, 1);
    program.jump(loop);

    program.place(reap);
    Program.Step dead =
        program
            .call(Syscall.WAIT4, number(-1), slot(Slot.STATUS), number(WNOHANG | WALL))
            .when(0, loop)
            .onError(loop);
    Program.Step which = program.value(0).when(0, ended);
    dead.store(which, 0);
    program.jump(reap);

    // The new process's number goes to both places that need it.
    start.when(0, command).argument(2, forward.argumentAddress(0)).storeValue(which);
    program.place(ended);
    program.value(1).store(Slot.ENDED);
    return command;
  }

  /// Runs the command on the host. All that it starts is left to this process when its parent dies;
  /// it ends when nothing is left.
  static Program plain(Spawn spawn, String directory, Bounds bounds, boolean terminal) {
    SpecProgram it = new SpecProgram("");
    it.closeInherited();
    it.dieWithJvm();
    it.streams(spawn);
    it.joinGroups(bounds);
    it.program.call(Syscall.CHDIR, text(directory));
    it.program.call(Syscall.PRCTL, number(PR_SET_CHILD_SUBREAPER), number(1));
    it.signalMask(-1);
    Label command = it.startAndReap(terminal);
    Label end = new Label();
    Label more = it.program.here();
    it.program.call(Syscall.WAIT4, number(-1), number(0), number(WALL)).onError(end);
    it.program.jump(more);
    it.program.place(end);
    it.program.call(Syscall.EXIT_GROUP, number(0));
    it.program.place(command);
    it.program.call(Syscall.PRCTL, number(PR_SET_PDEATHSIG), number(Libc.SIGKILL));
    CommandCalls.addPlain(it.program, spawn, bounds, terminal);
    return it.program;
  }

  private void closeInherited() {
    program.call(Syscall.CLOSE_RANGE, number(Fd.NEXT), number(0xffff_ffffL));
  }

  private void streams(Spawn spawn) {
    switch (spawn.stdio()) {
      case Spawn.Stdio.Files(var stdout, var stderr) -> {
        open("/dev/null", 0, Fd.STDIN);
        open(stdout.toString(), O_WRONLY | O_APPEND, Fd.STDOUT);
        open(stderr.toString(), O_WRONLY | O_APPEND, Fd.STDERR);
      }
      case Spawn.Stdio.Inherited() -> {}
    }
  }

  private void open(String path, int flags, int as) {
    program.call(Syscall.OPENAT, number(Libc.AT_FDCWD), text(path), number(flags));
    program.call(Syscall.DUP3, number(Fd.NEXT), number(as), number(0));
    program.call(Syscall.CLOSE, number(Fd.NEXT));
  }

  private void join(int namespace, int kind) {
    program.call(Syscall.SETNS, number(namespace), number(kind));
  }

  /// Asks to be killed with the JVM's thread that made this process, and sees to it that the JVM
  /// had not died just before.
  private void dieWithJvm() {
    program.call(Syscall.PRCTL, number(PR_SET_PDEATHSIG), number(Libc.SIGKILL));
    ByteBuffer poll = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    poll.putInt(Fd.LIFE).putShort((short) 1);
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
    program.call(Syscall.EXIT_GROUP, number(0));
    program.place(alive);
  }

  private void enterRoot() {
    program.call(Syscall.CHDIR, text(mounts.stage()));
    // The old root ends up stacked on the new one, and is then taken off.
    program.call(Syscall.PIVOT_ROOT, text("."), text("."));
    program.call(Syscall.UMOUNT2, text("."), number(MNT_DETACH));
    program.call(Syscall.CHDIR, text("/"));
  }

  private void signalMask(long signals) {
    CommandCalls.signalMask(program, signals);
  }

  private static Program.Argument signals(long set) {
    return CommandCalls.signals(set);
  }

  /// Whether ids are mapped: not needed for a whole range of them where the JVM may do all.
  static boolean needsUserNamespace(Identity identity, boolean privileged) {
    return switch (identity) {
      case SINGLE -> true;
      case RANGE -> !privileged;
    };
  }
}
