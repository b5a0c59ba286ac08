package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.text;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Program.Label;

/// Renders a [SandboxSpec] as a [Program] of system calls.
///
/// Three processes take part. The *first* is started by a [ForkServer], joins the namespaces of a
/// [Realm], adds its own, and mounts; it leaves process 1 of the new process namespace behind as a
/// child of the JVM. *Process 1* mounts /proc, starts the *command*, hands it the signals that it
/// gets itself, reaps whatever dies, and ends when the command does, upon which the kernel kills
/// all that is left in the namespace. All of them and the JVM share the program's memory, through
/// which they report.
///
/// There are two ways to the view. Where it has a base, a [View] holds that ready, and what is
/// bound into it is picked up from the host before. Where it has none, the whole view is built on
/// the stage. The first is faster by the copying and detaching of all the host's mounts.
final class SpecProgram {
  private static final int PR_SET_NAME = 15;
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private final Program program = Program.guest();
  private final Calls calls = new Calls(program);
  private final SandboxSpec spec;
  private final Host host;
  private final ForkServerProgram server;
  private final Label processOne = new Label();

  private SpecProgram(SandboxSpec spec, Host host, ForkServerProgram server) {
    this.spec = spec;
    this.host = host;
    this.server = server;
  }

  /// @param server what executes it
  /// @param terminal whether the command takes the terminal over
  static Program of(
      SandboxSpec spec, Host host, Bounds bounds, ForkServerProgram server, boolean terminal) {
    SpecProgram it = new SpecProgram(spec, host, server);
    Label first = new Label();
    it.program.jump(first);
    it.program.jump(it.processOne);
    it.program.place(first);
    it.calls.closeFrom(Fd.NEXT);
    it.calls.streams(spec.spawn().stdio());
    it.calls.openGroups(bounds);
    if (spec.base().isEmpty()) {
      it.build(bounds, terminal);
    } else {
      it.joinView(bounds, terminal);
    }
    if (spec.spawn().varied().contains(Factor.PROCESS_IDS)) {
      it.calls.skipNumbers(Circumstances.PROCESS_ID - 1);
    }
    Label command = it.calls.startAndReap(terminal);
    it.calls.exit();
    it.program.place(command);
    CommandCalls.add(it.program, spec, host, bounds, terminal);
    return it.program;
  }

  private void joinView(Bounds bounds, boolean terminal) {
    MountCalls mounts = new MountCalls(program, "");
    if (host.privileged()) {
      mounts.pickUp(spec.own());
      joinUsers();
    } else {
      joinUsers();
      calls.join(Fd.MIRROR, Calls.CLONE_NEWNS);
      mounts.pickUp(spec.own());
    }
    calls.join(Fd.VIEW, Calls.CLONE_NEWNS);
    ownNamespaces(Calls.CLONE_NEWNS);
    mount(mounts, false);
    processOne(bounds, terminal);
    mount(mounts, true);
    calls.closeFrom(Fd.NEXT);
  }

  private void build(Bounds bounds, boolean terminal) {
    MountCalls mounts = new MountCalls(program, host.stage().toString());
    joinUsers();
    calls.ownMounts();
    ownNamespaces(0);
    mount(mounts, false);
    processOne(bounds, terminal);
    mount(mounts, true);
    calls.enterRoot(host.stage().toString());
  }

  private void joinUsers() {
    if (host.needsUserNamespace(spec.identity())) {
      // Groups of the JVM's user would show inside. Only a privileged process can drop them.
      program.call(Syscall.SETGROUPS, number(0), number(0)).orNot();
      calls.join(Fd.USER_NAMESPACE, Calls.CLONE_NEWUSER);
    }
  }

  private void ownNamespaces(int mounts) {
    if (!spec.spawn().network()) {
      calls.join(Fd.NET_NAMESPACE, Calls.CLONE_NEWNET);
    }
    program.call(
        Syscall.UNSHARE,
        number(mounts | Calls.CLONE_NEWPID | Calls.CLONE_NEWIPC | Calls.CLONE_NEWUTS));
    String name = spec.spawn().hostname();
    program.call(Syscall.SETHOSTNAME, text(name), number(name.length()));
    program.call(Syscall.SETDOMAINNAME, text(""), number(0));
  }

  /// Takes the spawn's own steps: those for process 1, which has to be there for /proc, or the
  /// others.
  private void mount(MountCalls mounts, boolean processOne) {
    for (SetupOp op : spec.own()) {
      if (op instanceof SetupOp.Proc == processOne) {
        mounts.add(op);
      }
    }
  }

  /// What follows is done by process 1.
  private void processOne(Bounds bounds, boolean terminal) {
    if (terminal) {
      // Process 1 will leave the process group. Only this one's end tells that it is there.
      program
          .call(
              Syscall.CLONE,
              number(ForkServerProgram.CLONE_FLAGS),
              number(0),
              Program.slot(Program.Slot.CHILD))
          .when(0, processOne);
      calls.exit();
    } else {
      program.jump(server.leave());
    }
    program.place(processOne);
    calls.dieWithJvm();
    // Only this one: a group with a process in it could not be removed. Its name shall not show.
    calls.joinGroups(bounds);
    program.call(Syscall.UNSHARE, number(Calls.CLONE_NEWCGROUP));
    program.call(Syscall.PRCTL, number(PR_SET_NAME), text("athanor-init"));
    // The command, when it is the same user, shall not see this process's memory and root. One that
    // is to be traced must be seen by the JVM, and hides all of them when it is.
    calls.visible(Varied.traced(spec.spawn()));
  }

  /// Runs the command on the host. All that it starts is left to the first process when its parent
  /// dies; that one ends when nothing is left.
  static Program plain(Spawn spawn, String directory, Bounds bounds, boolean terminal) {
    Program program = new Program();
    Calls calls = new Calls(program);
    calls.closeFrom(Fd.NEXT);
    calls.dieWithJvm();
    calls.streams(spawn.stdio());
    calls.openGroups(bounds);
    calls.joinGroups(bounds);
    program.call(Syscall.CHDIR, text(directory));
    program.call(Syscall.PRCTL, number(PR_SET_CHILD_SUBREAPER), number(1));
    Label command = calls.startAndReap(terminal);
    Label end = new Label();
    Label more = program.here();
    program.call(Syscall.WAIT4, number(-1), number(0), number(Calls.WALL)).onError(end);
    program.jump(more);
    program.place(end);
    calls.exit();
    program.place(command);
    program.call(Syscall.PRCTL, number(Calls.PR_SET_PDEATHSIG), number(Libc.SIGKILL));
    CommandCalls.addPlain(program, spawn, bounds, terminal);
    return program;
  }
}
