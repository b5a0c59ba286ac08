package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.sandbox.Tracee.Pending;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// What traced processes are answered in place of the truth.
///
/// A process whose memory cannot be looked at, such as one that has forbidden it, gets the truth.
final class Illusion {
  // Of `struct utsname`: six texts of the same size.
  private static final int TEXT = 65;
  private static final int RELEASE = 2 * TEXT;
  private static final int VERSION = 3 * TEXT;

  // Of `siginfo_t`, as far as it tells who ended.
  private static final int INFO = 24;
  private static final int INFO_PID = 16;

  private static final int RANDOM_CHUNK = 1 << 16;
  private static final int ALL_RANDOM = Integer.MAX_VALUE;

  private final Ptrace ptrace;
  private final Map<Integer, TracedCall> calls;
  private final Set<Factor> varied;
  private final FileTimes times;
  private final Sleeps sleeps;

  private final Ends ends = new Ends();

  /// @param since how old a file can be that was made for this run
  Illusion(Ptrace ptrace, Arch arch, Set<Factor> varied, Instant since) {
    this.ptrace = ptrace;
    this.calls = TracedCall.of(arch, varied);
    this.varied = varied;
    this.times = FileTimes.of(varied, since);
    this.sleeps = new Sleeps(ptrace);
  }

  /// A process has begun.
  void born(Tracee tracee) {
    if (varied.contains(Factor.TIME) && tracee.process()) {
      ends.born(tracee.id());
    }
  }

  void ended(Tracee tracee) {
    if (tracee.process()) {
      ends.ended(tracee.id(), tracee.life());
    }
  }

  /// A process has become another program.
  void executed(Tracee tracee) throws SyscallException {
    boolean random = varied.contains(Factor.RANDOMNESS);
    if (random || varied.contains(Factor.TIME)) {
      ptrace.look(tracee.id());
      new StartStack(ptrace, tracee.id()).change(ptrace.stackPointer(), random, tracee.life());
    }
  }

  /// A process is about to make a call.
  ///
  /// @return whether to stop again when the kernel has answered
  boolean calls(Tracee tracee) throws SyscallException {
    ptrace.look(tracee.id());
    TracedCall call = ptrace.atCall() ? calls.get(ptrace.number()) : null;
    return call != null && calls(tracee, call);
  }

  private boolean calls(Tracee tracee, TracedCall call) throws SyscallException {
    return switch (call.kind()) {
      case CLOCK -> clock(tracee, call);
      case WAIT -> sleeps.begin(call, tracee);
      case RANDOM -> random(tracee);
      case CHILD, FILE, ENTRIES, NAMES -> {
        tracee.await(call, ptrace.argument(call.address()), 0);
        yield true;
      }
    };
  }

  private boolean clock(Tracee tracee, TracedCall call) throws SyscallException {
    return switch (call) {
      case CLOCK_GETTIME -> time(tracee, ptrace.argument(1), 1);
      case GETTIMEOFDAY -> timeOfDay(tracee);
      case TIME -> seconds(tracee);
      default -> throw new IllegalStateException(call.toString());
    };
  }

  /// The kernel has answered the call that was awaited.
  ///
  /// @param alone whether all others wait for processes to end
  void answered(Tracee tracee, BooleanSupplier alone) throws SyscallException {
    Pending pending = tracee.arrived();
    if (pending == null) {
      return;
    }
    ptrace.look(tracee.id());
    long result = ptrace.result();
    switch (pending.call().kind()) {
      case WAIT -> slept(tracee, pending, result, alone);
      case CHILD -> ends.heard(tracee.life(), ended(tracee, pending, result));
      case FILE -> times(tracee, pending, result);
      case ENTRIES -> entries(tracee, pending, result);
      case NAMES -> kernel(tracee, pending.address(), result);
      case CLOCK, RANDOM -> throw new IllegalStateException(pending.toString());
    }
  }

  private void slept(Tracee tracee, Pending pending, long result, BooleanSupplier alone)
      throws SyscallException {
    if (sleeps.end(tracee, pending, result) && alone.getAsBoolean()) {
      times.clock().wake(Instant.now(), tracee.life().nanos());
    }
  }

  /// @return the number of the process whose end was told, or 0
  private int ended(Tracee tracee, Pending pending, long result) throws SyscallException {
    if (pending.call() == TracedCall.WAIT4) {
      return (int) result;
    }
    long address = pending.address();
    return result == 0 && address != 0 && ptrace.read(tracee.id(), address, INFO) == INFO
        ? ptrace.buffer(INFO).get(JAVA_INT, INFO_PID)
        : 0;
  }

  /// Writes the time as two words, of which the second is in units of `unit` nanoseconds.
  private boolean time(Tracee tracee, long address, long unit) throws SyscallException {
    putTime(tracee.life().look(), unit);
    return answer(tracee, address, 16, 0);
  }

  private void putTime(long nanos, long unit) {
    MemorySegment buffer = ptrace.buffer(16);
    buffer.set(JAVA_LONG, 0, nanos / Sleeps.SECOND);
    buffer.set(JAVA_LONG, 8, nanos % Sleeps.SECOND / unit);
  }

  private boolean timeOfDay(Tracee tracee) throws SyscallException {
    long zone = ptrace.argument(1);
    if (zone != 0) {
      ptrace.buffer(8).set(JAVA_LONG, 0, 0);
      try {
        ptrace.write(tracee.id(), zone, 8);
      } catch (SyscallException e) {
        return failed(tracee, e);
      }
    }
    return ptrace.argument(0) != 0
        ? time(tracee, ptrace.argument(0), 1000)
        : answer(tracee, 0, 0, 0);
  }

  private boolean seconds(Tracee tracee) throws SyscallException {
    long seconds = tracee.life().look() / Sleeps.SECOND;
    ptrace.buffer(8).set(JAVA_LONG, 0, seconds);
    long address = ptrace.argument(0);
    return answer(tracee, address, address == 0 ? 0 : 8, seconds);
  }

  private boolean random(Tracee tracee) throws SyscallException {
    long address = ptrace.argument(0);
    long size = Math.min(Math.max(0, ptrace.argument(1)), ALL_RANDOM);
    for (long done = 0; done < size; done += RANDOM_CHUNK) {
      int chunk = (int) Math.min(RANDOM_CHUNK, size - done);
      MemorySegment buffer = ptrace.buffer(RANDOM_CHUNK);
      for (int i = 0; i < chunk; i += 8) {
        buffer.set(JAVA_LONG, i, tracee.life().random());
      }
      try {
        ptrace.write(tracee.id(), address + done, chunk);
      } catch (SyscallException e) {
        return failed(tracee, e);
      }
    }
    ptrace.answer(tracee.id(), size);
    return false;
  }

  /// Answers a call without the kernel, by so much of the buffer and a result.
  private boolean answer(Tracee tracee, long address, int size, long result)
      throws SyscallException {
    try {
      if (size > 0) {
        ptrace.write(tracee.id(), address, size);
      }
      ptrace.answer(tracee.id(), result);
      return false;
    } catch (SyscallException e) {
      return failed(tracee, e);
    }
  }

  /// Whoever gave an address that it has not is told so, as the kernel would.
  private boolean failed(Tracee tracee, SyscallException e) throws SyscallException {
    if (e.errno() == SyscallException.EFAULT) {
      ptrace.answer(tracee.id(), -SyscallException.EFAULT);
    } else if (e.errno() != SyscallException.EPERM) {
      throw e;
    }
    return false;
  }

  private void entries(Tracee tracee, Pending pending, long result) throws SyscallException {
    int size = (int) result;
    if (size > 0 && ptrace.read(tracee.id(), pending.address(), size) == size) {
      DirectoryEntries.reorder(
          ptrace.buffer(size).asSlice(0, size), pending.call() == TracedCall.GETDENTS64);
      ptrace.write(tracee.id(), pending.address(), size);
    }
  }

  private void times(Tracee tracee, Pending pending, long result) throws SyscallException {
    boolean statx = pending.call() == TracedCall.STATX;
    int size = statx ? FileTimes.STATX_SIZE : FileTimes.STAT_SIZE;
    long address = pending.address();
    if (result == 0
        && ptrace.read(tracee.id(), address, size) == size
        && times.change(ptrace.buffer(size), statx)) {
      ptrace.write(tracee.id(), address, size);
    }
  }

  private void kernel(Tracee tracee, long address, long result) throws SyscallException {
    if (result == 0) {
      MemorySegment buffer = ptrace.buffer(2 * TEXT);
      buffer.asSlice(0, 2 * TEXT).fill((byte) 0);
      put(buffer, 0, Circumstances.KERNEL_RELEASE);
      put(buffer, VERSION - RELEASE, Circumstances.KERNEL_VERSION);
      ptrace.write(tracee.id(), address + RELEASE, 2 * TEXT);
    }
  }

  private static void put(MemorySegment buffer, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, at, bytes.length);
  }
}
