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
/// short on every path: the kernel interprets it once for each call there is when it is installed.
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

  /// CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
  private static final int NEW_NAMESPACES = 0x7e020080;

  /// Pushes characters into a terminal as if its user had typed them.
  private static final int TIOCSTI = 0x5412;

  private static final int TIOCLINUX = 0x541c;

  /// Calls that are refused, on x86-64 and on aarch64, -1 where there is none.
  private enum Refused {
    ACCT(163, 89),
    ADD_KEY(248, 217),
    ADJTIMEX(159, 171),
    BPF(321, 280),
    CLOCK_ADJTIME(305, 266),
    CLOCK_SETTIME(227, 112),
    DELETE_MODULE(176, 106),
    FANOTIFY_INIT(300, 262),
    FINIT_MODULE(313, 273),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSOPEN(430, 430),
    FSPICK(433, 433),
    INIT_MODULE(175, 105),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    IO_URING_SETUP(425, 425),
    IOPERM(173, -1),
    IOPL(172, -1),
    KCMP(312, 272),
    KEXEC_FILE_LOAD(320, 294),
    KEXEC_LOAD(246, 104),
    KEYCTL(250, 219),
    LOOKUP_DCOOKIE(212, 18),
    MODIFY_LDT(154, -1),
    MOUNT(165, 40),
    MOUNT_SETATTR(442, 442),
    MOVE_MOUNT(429, 429),
    OPEN_BY_HANDLE_AT(304, 265),
    OPEN_TREE(428, 428),
    OPEN_TREE_ATTR(467, 467),
    PERF_EVENT_OPEN(298, 241),
    PIVOT_ROOT(155, 41),
    PROCESS_MADVISE(440, 440),
    QUOTACTL(179, 60),
    QUOTACTL_FD(443, 443),
    REBOOT(169, 142),
    REQUEST_KEY(249, 218),
    SETNS(308, 268),
    SETTIMEOFDAY(164, 170),
    SWAPOFF(168, 225),
    SWAPON(167, 224),
    SYSLOG(103, 116),
    UMOUNT2(166, 39),
    UNSHARE(272, 97),
    USERFAULTFD(323, 282),
    VHANGUP(153, 58);

    private final int x86;
    private final int arm;

    Refused(int x86, int arm) {
      this.x86 = x86;
      this.arm = arm;
    }

    int number(Arch arch) {
      return switch (arch) {
        case X86_64 -> x86;
        case AARCH64 -> arm;
      };
    }
  }

  /// What happens to a call, given its number.
  private sealed interface Verdict {
    record Return(int action) implements Verdict {}

    /// Refused when the given bits of the first argument are not all 0.
    record NoFlags(int flags) implements Verdict {}

    /// Refused when the second argument is one of two values.
    record NotEither(int one, int other) implements Verdict {}
  }

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private Seccomp() {}

  /// The filter for one processor: a word of eight bytes for each instruction.
  static ByteBuffer filter(Arch arch) {
    List<Instruction> program = new ArrayList<>();
    program.add(new Instruction(LOAD, 0, 0, ARCHITECTURE));
    // Calls in another convention, such as those of 32-bit programs, have other numbers.
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, auditArchitecture(arch)));
    program.add(new Instruction(RETURN, 0, 0, ABSENT));
    program.add(new Instruction(LOAD, 0, 0, NUMBER));
    program.addAll(decide(new ArrayList<>(ranges(arch).entrySet())));
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
  private static SortedMap<Integer, Verdict> ranges(Arch arch) {
    TreeMap<Integer, Verdict> single = new TreeMap<>();
    for (Refused call : Refused.values()) {
      if (call.number(arch) >= 0) {
        single.put(call.number(arch), new Verdict.Return(REFUSE));
      }
    }
    single.put(Syscall.CLONE.number(arch), new Verdict.NoFlags(NEW_NAMESPACES));
    single.put(Syscall.CLONE3.number(arch), new Verdict.Return(ABSENT));
    single.put(Syscall.IOCTL.number(arch), new Verdict.NotEither(TIOCSTI, TIOCLINUX));
    TreeMap<Integer, Verdict> ranges = new TreeMap<>();
    ranges.put(0, new Verdict.Return(ALLOW));
    single.forEach((number, verdict) -> {
      ranges.put(number, verdict);
      ranges.put(number + 1, single.getOrDefault(number + 1, new Verdict.Return(ALLOW)));
    });
    if (arch == Arch.X86_64) {
      // The x32 convention: the same architecture, other numbers.
      ranges.put(0x40000000, new Verdict.Return(ABSENT));
    }
    return ranges;
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
