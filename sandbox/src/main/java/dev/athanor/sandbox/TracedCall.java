package dev.athanor.sandbox;

import dev.athanor.engine.exec.Factor;
import dev.athanor.sandbox.SeccompFilter.Verdict;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The system calls of a command that its [Tracer] looks at, by their number on each [Arch], and
/// for the sake of which factors.
enum TracedCall {
  CLOCK_GETTIME(228, 113, Factor.TIME),
  GETTIMEOFDAY(96, 169, Factor.TIME),
  TIME(201, -1, Factor.TIME),
  NANOSLEEP(35, 101, Factor.TIME),
  CLOCK_NANOSLEEP(230, 115, Factor.TIME),
  FUTEX(202, 98, Factor.TIME),
  MQ_TIMEDSEND(242, 182, Factor.TIME),
  MQ_TIMEDRECEIVE(243, 183, Factor.TIME),
  TIMER_SETTIME(223, 110, Factor.TIME),
  TIMERFD_SETTIME(286, 86, Factor.TIME),
  SELECT(23, -1, Factor.TIME),
  PSELECT6(270, 72, Factor.TIME),
  POLL(7, -1, Factor.TIME),
  PPOLL(271, 73, Factor.TIME),
  EPOLL_WAIT(232, -1, Factor.TIME),
  EPOLL_PWAIT(281, 22, Factor.TIME),
  EPOLL_PWAIT2(441, 441, Factor.TIME),
  RT_SIGTIMEDWAIT(128, 137, Factor.TIME),
  WAIT4(61, 260, Factor.TIME),
  WAITID(247, 95, Factor.TIME),
  STAT(4, -1, Factor.TIME, Factor.INPUT_TIMES),
  FSTAT(5, 80, Factor.TIME, Factor.INPUT_TIMES),
  LSTAT(6, -1, Factor.TIME, Factor.INPUT_TIMES),
  NEWFSTATAT(262, 79, Factor.TIME, Factor.INPUT_TIMES),
  STATX(332, 291, Factor.TIME, Factor.INPUT_TIMES),
  GETRANDOM(318, 278, Factor.RANDOMNESS),
  GETDENTS(78, -1, Factor.DIRECTORY_ORDER),
  GETDENTS64(217, 61, Factor.DIRECTORY_ORDER),
  UNAME(63, 160, Factor.KERNEL);

  /// Those that cannot be varied without a tracer.
  static final Set<Factor> FACTORS =
      Collections.unmodifiableSet(
          EnumSet.of(
              Factor.TIME,
              Factor.INPUT_TIMES,
              Factor.RANDOMNESS,
              Factor.DIRECTORY_ORDER,
              Factor.KERNEL));

  static final int CLOCK_REALTIME = 0;
  static final int CLOCK_MONOTONIC = 1;
  static final int CLOCK_REALTIME_COARSE = 5;
  static final int CLOCK_TAI = 11;

  /// Operations on a futex with a deadline by the real-time clock, with and without the bit that
  /// says that no other process has it: WAIT_BITSET, WAIT_REQUEUE_PI and LOCK_PI2 if they are told
  /// so, and LOCK_PI.
  private static final List<Integer> FUTEX_DEADLINES =
      List.of(265, 393, 267, 395, 269, 397, 6, 134);

  private final int x86;
  private final int arm;
  private final Factor factor;
  private final Factor other;

  TracedCall(int x86, int arm, Factor factor) {
    this(x86, arm, factor, factor);
  }

  TracedCall(int x86, int arm, Factor factor, Factor other) {
    this.x86 = x86;
    this.arm = arm;
    this.factor = factor;
    this.other = other;
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
      boolean matters = factors.contains(call.factor) || factors.contains(call.other);
      if (matters && call.number(arch) >= 0) {
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
