package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.sandbox.Tracee.Pending;
import java.lang.foreign.MemorySegment;

/// Waiting for a time, for those who have another clock than the kernel. While a process sleeps,
/// its clock moves by as much; and a deadline by its clock is one that the kernel's clock reaches
/// as long from now.
///
/// @param ptrace stopped at the call in question
record Sleeps(Ptrace ptrace) {
  static final long SECOND = 1_000_000_000;

  /// What a deadline by the monotonic clock is rounded up to: between reading that clock and
  /// beginning to wait, never the same time passes.
  private static final long GRAIN = 100_000_000;

  /// The shortest wait that counts. Runtimes have threads that wait for less over and over, as
  /// often as there is time.
  private static final long NAP = 20_000_000;

  private static final long MILLISECOND = 1_000_000;

  /// A timer's first time is behind the time between two.
  private static final int INTERVAL = 16;

  private static final int TIMER_ABSTIME = 1;
  private static final int ETIMEDOUT = 110;

  /// Deadlines by the other clock are years after any by the real one.
  private static final long YEAR = 366L * 86400 * SECOND;

  /// @return whether to stop again when the kernel has answered
  boolean begin(TracedCall call, Tracee tracee) throws SyscallException {
    return switch (call) {
      case NANOSLEEP -> sleep(call, tracee, time(tracee, ptrace.argument(0)));
      case CLOCK_NANOSLEEP -> {
        long clock = ptrace.argument(0);
        long time = time(tracee, ptrace.argument(2));
        if ((ptrace.argument(1) & TIMER_ABSTIME) == 0) {
          yield sleep(call, tracee, time);
        } else if (clock == TracedCall.CLOCK_MONOTONIC) {
          yield sleep(call, tracee, Math.ceilDiv(time - System.nanoTime(), GRAIN) * GRAIN);
        } else if (clock == TracedCall.CLOCK_REALTIME || clock == TracedCall.CLOCK_TAI) {
          yield move(call, tracee, ptrace.argument(2), time);
        }
        yield false;
      }
      case FUTEX -> move(call, tracee, ptrace.argument(3));
      case MQ_TIMEDSEND, MQ_TIMEDRECEIVE -> move(call, tracee, ptrace.argument(4));
      case TIMER_SETTIME, TIMERFD_SETTIME ->
          (ptrace.argument(1) & TIMER_ABSTIME) != 0
              && move(call, tracee, ptrace.argument(2) + INTERVAL);
      case SELECT -> wait(call, tracee, time(tracee, ptrace.argument(4), 1000));
      case PSELECT6 -> wait(call, tracee, time(tracee, ptrace.argument(4)));
      case PPOLL, RT_SIGTIMEDWAIT -> wait(call, tracee, time(tracee, ptrace.argument(2)));
      case EPOLL_PWAIT2 -> wait(call, tracee, time(tracee, ptrace.argument(3)));
      case POLL -> wait(call, tracee, (int) ptrace.argument(2) * MILLISECOND);
      case EPOLL_WAIT, EPOLL_PWAIT -> wait(call, tracee, (int) ptrace.argument(3) * MILLISECOND);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private boolean sleep(TracedCall call, Tracee tracee, long time) {
    if (time < NAP) {
      return false;
    }
    tracee.life().pass(time);
    tracee.await(call, 0, time);
    return true;
  }

  /// Waiting for something else passes time only if that does not come, since nobody can tell how
  /// long it takes otherwise.
  private boolean wait(TracedCall call, Tracee tracee, long time) {
    if (time < NAP) {
      return false;
    }
    tracee.await(call, 0, time);
    return true;
  }

  private boolean move(TracedCall call, Tracee tracee, long address) throws SyscallException {
    return move(call, tracee, address, time(tracee, address));
  }

  /// Makes a deadline one of the kernel's clock.
  private boolean move(TracedCall call, Tracee tracee, long address, long deadline)
      throws SyscallException {
    long now = System.currentTimeMillis() * 1_000_000;
    if (deadline < now + YEAR) {
      return false;
    }
    put(deadline - tracee.life().nanos() + now);
    try {
      ptrace.write(tracee.id(), address, 16);
    } catch (SyscallException e) {
      return false;
    }
    tracee.await(call, address, deadline);
    return true;
  }

  /// The kernel has answered.
  ///
  /// @return whether all of the time went by
  boolean end(Tracee tracee, Pending pending, long result) throws SyscallException {
    return switch (pending.call()) {
      case NANOSLEEP -> result == 0;
      case CLOCK_NANOSLEEP ->
          pending.address() == 0 ? result == 0 : putBack(tracee, pending, result == 0);
      case FUTEX, MQ_TIMEDSEND, MQ_TIMEDRECEIVE -> putBack(tracee, pending, result == -ETIMEDOUT);
      case TIMER_SETTIME, TIMERFD_SETTIME -> putBack(tracee, pending, false);
      case RT_SIGTIMEDWAIT -> waited(tracee, pending, result == -SyscallException.EAGAIN);
      default -> waited(tracee, pending, result == 0);
    };
  }

  private static boolean waited(Tracee tracee, Pending pending, boolean inVain) {
    if (inVain) {
      tracee.life().pass(pending.original());
    }
    return inVain;
  }

  /// Puts a deadline back that was moved.
  private boolean putBack(Tracee tracee, Pending pending, boolean reached) throws SyscallException {
    put(pending.original());
    ptrace.write(tracee.id(), pending.address(), 16);
    if (reached) {
      tracee.life().passUntil(pending.original());
    }
    return reached;
  }

  private void put(long nanos) {
    MemorySegment buffer = ptrace.buffer(16);
    buffer.set(JAVA_LONG, 0, nanos / SECOND);
    buffer.set(JAVA_LONG, 8, nanos % SECOND);
  }

  /// What a process has at an address, or 0.
  private long time(Tracee tracee, long address) throws SyscallException {
    return time(tracee, address, 1);
  }

  /// @param unit of the second word, in nanoseconds
  private long time(Tracee tracee, long address, long unit) throws SyscallException {
    if (address == 0 || ptrace.read(tracee.id(), address, 16) < 16) {
      return 0;
    }
    MemorySegment buffer = ptrace.buffer(16);
    long seconds = Math.clamp(buffer.get(JAVA_LONG, 0), 0, Long.MAX_VALUE / SECOND / 2);
    return seconds * SECOND + Math.clamp(buffer.get(JAVA_LONG, 8), 0, SECOND / unit) * unit;
  }
}
