package dev.athanor.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The filter on system calls that every sandboxed process gets: it refuses what no build needs and
/// what would widen the kernel's attack surface most.
///
/// It is a program of classic BPF, built as a binary decision over call numbers, so that it is
/// short and every path through it is shorter: the kernel compiles it for each process that
/// installs it, and interprets it once for each call there is. Calls that the kernel itself refuses
/// to everybody without privileges are among the refused where that joins two ranges of numbers
/// into one.
///
/// What is refused can be let through for those who know a number, the *pass*, and make the call
/// with it as a sixth argument, which none of those that make sandboxes has. So the filter can be
/// installed once, in a process that goes on to make sandboxes, and need not be compiled for each
/// command. Whoever knew the pass would still meet the kernel's ordinary checks.
///
/// `ptrace` is allowed: within the process namespace it reaches nothing that the same user does not
/// own anyway, it cannot get round the filter (Linux 4.8), and debuggers and leak checkers need it.
final class Seccomp {
  private static final int ALLOW = 0x7fff0000;
  private static final int ERRNO = 0x00050000;
  private static final int REFUSE = ERRNO | SyscallException.EPERM;

  /// As if the kernel did not have the call, upon which C libraries use an older one.
  private static final int ABSENT = ERRNO | 38;

  // Instructions, from linux/bpf_common.h.
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  // Offsets in struct seccomp_data.
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENT_0 = 16;
  private static final int ARGUMENT_1 = 24;
  private static final int ARGUMENT_5 = 56;

  /// CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
  private static final int NEW_NAMESPACES = 0x7e020080;

  /// Pushes characters into a terminal as if its user had typed them.
  private static final int TIOCSTI = 0x5412;

  private static final int TIOCLINUX = 0x541c;

  /// A range of refused calls.
  private record Refused(int first, int last) {}

  private static List<Refused> refused(Arch arch) {
    return switch (arch) {
      case X86_64 ->
          List.of(
              new Refused(103, 103), // syslog
              new Refused(153, 155), // vhangup, modify_ldt, pivot_root
              // acct, settimeofday, mount, umount2, swapon, swapoff, reboot, sethostname,
              // setdomainname, iopl, ioperm, create_module, init_module, delete_module,
              // get_kernel_syms, query_module, quotactl, nfsservctl
              new Refused(163, 180),
              new Refused(246, 246), // kexec_load
              new Refused(248, 250), // add_key, request_key, keyctl
              new Refused(272, 272), // unshare
              new Refused(298, 298), // perf_event_open
              new Refused(300, 300), // fanotify_init
              new Refused(304, 305), // open_by_handle_at, clock_adjtime
              new Refused(308, 308), // setns
              new Refused(312, 313), // kcmp, finit_module
              new Refused(320, 321), // kexec_file_load, bpf
              new Refused(323, 323), // userfaultfd
              // io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount, fsopen,
              // fsconfig, fsmount, fspick
              new Refused(425, 433),
              new Refused(442, 443), // mount_setattr, quotactl_fd
              new Refused(467, 467)); // open_tree_attr
      case AARCH64 ->
          List.of(
              // umount2, mount, pivot_root, nfsservctl
              new Refused(39, 42),
              new Refused(58, 58), // vhangup
              new Refused(60, 60), // quotactl
              new Refused(89, 89), // acct
              new Refused(97, 97), // unshare
              new Refused(104, 106), // kexec_load, init_module, delete_module
              new Refused(116, 116), // syslog
              new Refused(142, 142), // reboot
              new Refused(170, 170), // settimeofday
              new Refused(217, 219), // add_key, request_key, keyctl
              new Refused(224, 225), // swapon, swapoff
              new Refused(241, 241), // perf_event_open
              new Refused(262, 262), // fanotify_init
              new Refused(265, 266), // open_by_handle_at, clock_adjtime
              new Refused(268, 268), // setns
              new Refused(272, 273), // kcmp, finit_module
              new Refused(280, 280), // bpf
              new Refused(282, 282), // userfaultfd
              new Refused(294, 294), // kexec_file_load
              new Refused(425, 433), // as above
              new Refused(442, 443),
              new Refused(467, 467));
    };
  }

  /// What happens to a call, given its number.
  private sealed interface Verdict {
    record Return(int action) implements Verdict {}

    /// Refused without the pass, both halves of it.
    record Pass(long pass) implements Verdict {}

    /// Refused when the given bits of the first argument are not all 0.
    record NoFlags(int flags) implements Verdict {}

    /// Refused when the second argument is one of two values.
    record NotEither(int one, int other) implements Verdict {}
  }

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private Seccomp() {}

  /// A filter without a pass.
  static ByteBuffer filter(Arch arch) {
    return filter(arch, new Verdict.Return(REFUSE));
  }

  /// A filter that the pass opens.
  static ByteBuffer filter(Arch arch, long pass) {
    return filter(arch, new Verdict.Pass(pass));
  }

  /// A word of eight bytes for each instruction.
  private static ByteBuffer filter(Arch arch, Verdict refusal) {
    List<Instruction> program = new ArrayList<>();
    program.add(new Instruction(LOAD, 0, 0, ARCHITECTURE));
    // Calls in another convention, such as those of 32-bit programs, have other numbers.
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, auditArchitecture(arch)));
    program.add(new Instruction(RETURN, 0, 0, ABSENT));
    program.add(new Instruction(LOAD, 0, 0, NUMBER));
    program.addAll(decide(new ArrayList<>(ranges(arch, refusal).entrySet())));
    ByteBuffer bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.nativeOrder());
    for (Instruction it : program) {
      bytes.putShort((short) it.code).put((byte) it.ifTrue).put((byte) it.ifFalse).putInt(it.value);
    }
    return bytes;
  }

  private static int auditArchitecture(Arch arch) {
    return switch (arch) {
      case X86_64 -> 0xc000003e;
      case AARCH64 -> 0xc00000b7;
    };
  }

  /// The verdict for all numbers from each key up to the next.
  private static SortedMap<Integer, Verdict> ranges(Arch arch, Verdict refusal) {
    Verdict allow = new Verdict.Return(ALLOW);
    TreeMap<Integer, Verdict> ranges = new TreeMap<>(Map.of(0, allow));
    for (Refused refused : refused(arch)) {
      ranges.put(refused.first, refusal);
      ranges.put(refused.last + 1, allow);
    }
    put(ranges, Syscall.CLONE.number(arch), new Verdict.NoFlags(NEW_NAMESPACES));
    put(ranges, Syscall.CLONE3.number(arch), new Verdict.Return(ABSENT));
    put(ranges, Syscall.IOCTL.number(arch), new Verdict.NotEither(TIOCSTI, TIOCLINUX));
    if (arch == Arch.X86_64) {
      // The x32 convention: the same architecture, other numbers.
      ranges.put(0x40000000, new Verdict.Return(ABSENT));
    }
    return ranges;
  }

  private static void put(Map<Integer, Verdict> ranges, int number, Verdict verdict) {
    ranges.put(number, verdict);
    ranges.putIfAbsent(number + 1, new Verdict.Return(ALLOW));
  }

  /// Instructions that find the range of the loaded number and carry out its verdict.
  private static List<Instruction> decide(List<Map.Entry<Integer, Verdict>> ranges) {
    if (ranges.size() == 1) {
      return carryOut(ranges.getFirst().getValue());
    }
    int middle = ranges.size() / 2;
    List<Instruction> lower = decide(ranges.subList(0, middle));
    List<Instruction> upper = decide(ranges.subList(middle, ranges.size()));
    List<Instruction> both = new ArrayList<>();
    both.add(new Instruction(JUMP_IF_AT_LEAST, lower.size(), 0, ranges.get(middle).getKey()));
    both.addAll(lower);
    both.addAll(upper);
    return both;
  }

  private static List<Instruction> carryOut(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Return(var action) -> List.of(new Instruction(RETURN, 0, 0, action));
      case Verdict.Pass(var pass) ->
          List.of(
              new Instruction(LOAD, 0, 0, ARGUMENT_5),
              new Instruction(JUMP_IF_EQUAL, 0, 3, (int) pass),
              new Instruction(LOAD, 0, 0, ARGUMENT_5 + 4),
              new Instruction(JUMP_IF_EQUAL, 0, 1, (int) (pass >>> 32)),
              new Instruction(RETURN, 0, 0, ALLOW),
              new Instruction(RETURN, 0, 0, REFUSE));
      case Verdict.NoFlags(var flags) ->
          List.of(
              new Instruction(LOAD, 0, 0, ARGUMENT_0),
              new Instruction(JUMP_IF_ANY_BIT, 0, 1, flags),
              new Instruction(RETURN, 0, 0, REFUSE),
              new Instruction(RETURN, 0, 0, ALLOW));
      case Verdict.NotEither(var one, var other) ->
          List.of(
              new Instruction(LOAD, 0, 0, ARGUMENT_1),
              new Instruction(JUMP_IF_EQUAL, 1, 0, one),
              new Instruction(JUMP_IF_EQUAL, 0, 1, other),
              new Instruction(RETURN, 0, 0, REFUSE),
              new Instruction(RETURN, 0, 0, ALLOW));
    };
  }
}
