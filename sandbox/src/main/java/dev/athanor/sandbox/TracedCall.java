package dev.athanor.sandbox;

import dev.athanor.engine.exec.Factor;
import dev.athanor.sandbox.SeccompFilter.Verdict;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The system calls of a command that its [Tracer] looks at, by their number on each [Arch].
enum TracedCall {
  CLOCK_GETTIME(228, 113, Kind.CLOCK),
  GETTIMEOFDAY(96, 169, Kind.CLOCK),
  TIME(201, -1, Kind.CLOCK),
  NANOSLEEP(35, 101, Kind.WAIT),
  CLOCK_NANOSLEEP(230, 115, Kind.WAIT),
  FUTEX(202, 98, Kind.WAIT),
  MQ_TIMEDSEND(242, 182, Kind.WAIT),
  MQ_TIMEDRECEIVE(243, 183, Kind.WAIT),
  TIMER_SETTIME(223, 110, Kind.WAIT),
  TIMERFD_SETTIME(286, 86, Kind.WAIT),
  SELECT(23, -1, Kind.WAIT),
  PSELECT6(270, 72, Kind.WAIT),
  POLL(7, -1, Kind.WAIT),
  PPOLL(271, 73, Kind.WAIT),
  EPOLL_WAIT(232, -1, Kind.WAIT),
  EPOLL_PWAIT(281, 22, Kind.WAIT),
  EPOLL_PWAIT2(441, 441, Kind.WAIT),
  RT_SIGTIMEDWAIT(128, 137, Kind.WAIT),
  WAIT4(61, 260, Kind.CHILD),
  WAITID(247, 95, Kind.CHILD, 2),
  STAT(4, -1, Kind.FILE, 1),
  FSTAT(5, 80, Kind.FILE, 1),
  LSTAT(6, -1, Kind.FILE, 1),
  NEWFSTATAT(262, 79, Kind.FILE, 2),
  STATX(332, 291, Kind.FILE, 4),
  GETRANDOM(318, 278, Kind.RANDOM),
  GETDENTS(78, -1, Kind.ENTRIES, 1),
  GETDENTS64(217, 61, Kind.ENTRIES, 1),
  UNAME(63, 160, Kind.NAMES);

  static final int CLOCK_REALTIME = 0;
  static final int CLOCK_MONOTONIC = 1;
  static final int CLOCK_REALTIME_COARSE = 5;
  static final int CLOCK_TAI = 11;

  /// Operations on a futex with a deadline by the real-time clock, with and without the bit that
  /// says that no other process has it: WAIT_BITSET, WAIT_REQUEUE_PI and LOCK_PI2 if they are told
  /// so, and LOCK_PI.
  private static final List<Integer> FUTEX_DEADLINES =
      List.of(265, 393, 267, 395, 269, 397, 6, 134);

  /// What the call is about, and for the sake of which factors it is looked at.
  enum Kind {
    /// The time is asked for.
    CLOCK(Factor.TIME),
    /// Something is waited for until some time, or will happen then.
    WAIT(Factor.TIME),
    /// The end of another process is waited for.
    CHILD(Factor.TIME),
    /// Times of a file are asked for, among others.
    FILE(Factor.TIME, Factor.INPUT_TIMES),
    RANDOM(Factor.RANDOMNESS),
    /// What is in a directory is asked for.
    ENTRIES(Factor.DIRECTORY_ORDER),
    /// The name of the system is asked for.
    NAMES(Factor.KERNEL);

    private final Factor factor;
    private final Factor other;

    Kind(Factor factor) {
      this(factor, factor);
    }

    Kind(Factor factor, Factor other) {
      this.factor = factor;
      this.other = other;
    }

    private boolean matters(Set<Factor> factors) {
      return factors.contains(factor) || factors.contains(other);
    }
  }

  private final int x86;
  private final int arm;
  private final Kind kind;
  private final int address;

  TracedCall(int x86, int arm, Kind kind) {
    this(x86, arm, kind, 0);
  }

  TracedCall(int x86, int arm, Kind kind, int address) {
    this.x86 = x86;
    this.arm = arm;
    this.kind = kind;
    this.address = address;
  }

  Kind kind() {
    return kind;
  }

  /// Which argument says where the kernel puts its answer, where that is to be changed.
  int address() {
    return address;
  }

  /// Negative where there is no such call.
  private int number(Arch arch) {
    return switch (arch) {
      case X86_64 -> x86;
      case AARCH64 -> arm;
    };
  }

  private Verdict verdict() {
    return switch (this) {
      case CLOCK_GETTIME ->
          new Verdict.OneOf(
              0, List.of(CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_TAI), SeccompFilter.TRACE);
      case FUTEX -> new Verdict.OneOf(1, FUTEX_DEADLINES, SeccompFilter.TRACE);
      default -> new Verdict.Return(SeccompFilter.TRACE);
    };
  }

  /// Those that matter to the factors, by number.
  static Map<Integer, TracedCall> of(Arch arch, Set<Factor> factors) {
    Map<Integer, TracedCall> calls = new HashMap<>();
    for (TracedCall call : values()) {
      if (call.kind.matters(factors) && call.number(arch) >= 0) {
        calls.put(call.number(arch), call);
      }
    }
    return calls;
  }

  /// A filter that stops a command for its tracer at these calls only. What another filter refuses
  /// stays refused.
  static ByteBuffer filter(Arch arch, Set<Factor> factors) {
    SeccompFilter filter = new SeccompFilter(arch);
    of(arch, factors).forEach((number, call) -> filter.put(number, call.verdict()));
    return filter.program();
  }
}
