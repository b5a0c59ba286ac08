package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.text;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Program.Argument;
import dev.athanor.sandbox.Program.Slot;
import dev.athanor.sandbox.SandboxSpec.Identity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The last steps of a [SpecProgram], in the process that becomes the command: it gives up all it
/// does not need, and executes.
final class CommandCalls {
  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_CAP_AMBIENT = 47;
  private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
  private static final int TIOCSPGRP = 0x5410;

  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private final Program program;
  private final Spawn spawn;

  private CommandCalls(Program program, Spawn spawn) {
    this.program = program;
    this.spawn = spawn;
  }

  static void add(Program program, SandboxSpec spec, Host host, Bounds bounds, boolean terminal) {
    CommandCalls it = new CommandCalls(program, spec.spawn());
    it.session(terminal, Varied.traced(spec.spawn()));
    it.user(spec.identity(), host.lastCapability());
    it.rlimits(bounds);
    program.call(Syscall.CHDIR, text(spec.spawn().directory()));
    program.call(Syscall.CLOSE_RANGE, number(Fd.PROGRAM), number(0xffff_ffffL));
    if (Varied.traced(spec.spawn())) {
      it.filter(TracedCall.filter(host.arch(), spec.spawn().varied()));
    }
    it.execute();
  }

  /// For a command that runs on the host as it is.
  static void addPlain(Program program, Spawn spawn, Bounds bounds, boolean terminal) {
    CommandCalls it = new CommandCalls(program, spawn);
    it.session(terminal, false);
    it.rlimits(bounds);
    program.call(Syscall.CLOSE_RANGE, number(Fd.PROGRAM), number(0xffff_ffffL));
    it.execute();
  }

  /// Detaches the command from the terminal, or makes it the one that the terminal talks to.
  private void session(boolean terminal, boolean traced) {
    if (terminal) {
      program.call(Syscall.SETPGID, number(0), number(0));
      program.call(Syscall.GETPID).store(Slot.SCRATCH);
      // A group in the background may do this only because its signals are blocked.
      program.call(
          Syscall.IOCTL, number(Fd.TERMINAL), number(TIOCSPGRP), Program.slot(Slot.SCRATCH));
    } else {
      program.call(Syscall.SETSID);
    }
    Calls calls = new Calls(program);
    if (traced) {
      // In a session of its own, where no thread of the JVM waits for it but the tracer.
      calls.awaitTracer();
      calls.visible(false);
    }
    calls.signalMask(0);
    program.call(Syscall.UMASK, number(varies(Factor.UMASK) ? Circumstances.UMASK : 022));
    if (varies(Factor.PROCESSORS)) {
      program.call(
          Syscall.SCHED_SETAFFINITY,
          number(0),
          number(Processors.MASK_BYTES),
          Program.bytes(Processors.next()));
    }
    if (varies(Factor.ADDRESSES)) {
      program.call(Syscall.PERSONALITY, number(Addresses.ADDR_NO_RANDOMIZE));
    }
  }

  private boolean varies(Factor factor) {
    return spawn.varied().contains(factor);
  }

  private void filter(ByteBuffer filter) {
    program.call(
        Syscall.SECCOMP,
        number(ForkServerProgram.SECCOMP_SET_MODE_FILTER),
        number(ForkServerProgram.SECCOMP_FILTER_FLAG_SPEC_ALLOW),
        new Argument.Counted(filter.capacity() / 8, filter));
  }

  private void rlimits(Bounds bounds) {
    for (Rlimit limit : bounds.rlimits()) {
      program.call(
          Syscall.PRLIMIT64, number(0), number(limit.resource()), Program.bytes(limit.bytes()));
    }
  }

  /// Becomes the user, and keeps no more capabilities than it is to have. With a single id there is
  /// nobody else to become.
  private void user(Identity identity, int lastCapability) {
    Spawn.User user = spawn.user();
    boolean range = identity == Identity.RANGE;
    long keep = Capability.mask(range && user.uid() == 0 ? Capability.CONTAINER : Set.of());
    for (int bit = 0; bit <= lastCapability; bit++) {
      if ((keep >> bit & 1) == 0) {
        program.call(Syscall.PRCTL, number(PR_CAPBSET_DROP), number(bit));
      }
    }
    program.call(Syscall.PRCTL, number(PR_CAP_AMBIENT), number(PR_CAP_AMBIENT_CLEAR_ALL)).orNot();
    if (range) {
      ByteBuffer groups =
          ByteBuffer.allocate(4 * user.groups().size()).order(ByteOrder.LITTLE_ENDIAN);
      user.groups().forEach(groups::putInt);
      // In a user namespace with a single group the kernel refuses this.
      program.call(Syscall.SETGROUPS, number(user.groups().size()), Program.bytes(groups)).orNot();
      program.call(Syscall.SETRESGID, number(user.gid()), number(user.gid()), number(user.gid()));
      program.call(Syscall.SETRESUID, number(user.uid()), number(user.uid()), number(user.uid()));
    }
    keepCapabilities(keep);
  }

  private void keepCapabilities(long keep) {
    // Two structures of effective, permitted and inheritable: the lower and the upper 32 bits.
    ByteBuffer sets = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    sets.putInt((int) keep).putInt((int) keep).putInt(0);
    sets.putInt((int) (keep >> 32)).putInt((int) (keep >> 32)).putInt(0);
    ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(CAPABILITY_VERSION_3).putInt(0);
    program.call(Syscall.CAPSET, Program.bytes(header), Program.bytes(sets));
  }

  /// Tries each place where the program may be. When it is in none, leaves the reason in the header
  /// and exits as a shell would.
  private void execute() {
    Argument argv = new Argument.Texts(spawn.argv());
    Argument env =
        new Argument.Texts(
            Varied.environment(spawn).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList());
    for (String candidate : candidates()) {
      program.call(Syscall.EXECVE, text(candidate), argv, env).store(Slot.EXEC).orNot();
    }
    program.value(1).store(Slot.NOT_FOUND);
    program.call(Syscall.EXIT_GROUP, number(127));
  }

  private List<String> candidates() {
    String name = spawn.argv().getFirst();
    if (name.contains("/")) {
      return List.of(name);
    }
    String path = spawn.env().getOrDefault("PATH", "");
    return Stream.of(path.split(":", -1))
        .filter(dir -> !dir.isEmpty())
        .map(d -> d + "/" + name)
        .toList();
  }
}
