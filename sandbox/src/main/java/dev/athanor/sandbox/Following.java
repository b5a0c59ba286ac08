package dev.athanor.sandbox;

import dev.athanor.engine.exec.Circumstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The work of a [Tracer]'s thread: each stop of those that it traces is looked at and ended.
final class Following {
  private static final int TRAP = 5;

  /// Marks the stop behind a call.
  private static final int CALL = 0x80;

  // Events.
  private static final int FORK = 1;
  private static final int VFORK = 2;
  private static final int CLONE = 3;
  private static final int EXEC = 4;
  private static final int SECCOMP = 7;
  private static final int STOP = 128;

  private final Ptrace ptrace;
  private final Illusion illusion;
  private final Life first = Life.first(Circumstances.TIME);
  private final Map<Integer, Tracee> tracees = new HashMap<>();

  /// Those that stopped before the news of their birth came. Some have ended when it comes.
  private final Set<Integer> early = new HashSet<>();

  Following(Ptrace ptrace, Illusion illusion, int pid) {
    this.ptrace = ptrace;
    this.illusion = illusion;
    tracees.put(pid, Tracee.process(pid, first));
  }

  /// Until nobody is left.
  void toTheEnd() throws SyscallException {
    while (true) {
      int pid;
      try {
        pid = ptrace.await();
      } catch (SyscallException e) {
        if (e.errno() == SyscallException.ECHILD) {
          return;
        }
        throw e;
      }
      int status = ptrace.status();
      if ((status & 0xff) != 0x7f) {
        ended(pid);
      } else {
        stopped(tracee(pid), status >> 8 & 0xff, status >>> 16);
      }
    }
  }

  private void ended(int pid) {
    Tracee tracee = tracees.remove(pid);
    if (tracee != null) {
      illusion.ended(tracee);
    }
  }

  private void stopped(Tracee tracee, int signal, int event) throws SyscallException {
    int pid = tracee.id();
    try {
      switch (event) {
        case 0 -> ptrace.resume(pid, Ptrace.CONT, delivered(tracee, signal));
        case SECCOMP -> ptrace.resume(pid, calls(tracee) ? Ptrace.SYSCALL : Ptrace.CONT, 0);
        case STOP -> ptrace.resume(pid, signal == TRAP ? Ptrace.CONT : Ptrace.LISTEN, 0);
        default -> {
          event(tracee, event);
          ptrace.resume(pid, Ptrace.CONT, 0);
        }
      }
    } catch (SyscallException e) {
      // It was killed while it stood.
      if (e.errno() != SyscallException.ESRCH) {
        throw e;
      }
    }
  }

  /// What a process is to be sent: the signal, unless that only tells that a call was answered.
  private int delivered(Tracee tracee, int signal) throws SyscallException {
    if (signal != (TRAP | CALL)) {
      return signal;
    }
    quietly(() -> illusion.answered(tracee, () -> alone(tracee)));
    return 0;
  }

  private boolean alone(Tracee tracee) {
    return tracees.values().stream().allMatch(it -> it == tracee || it.waitsForOthers());
  }

  private boolean calls(Tracee tracee) throws SyscallException {
    boolean[] awaited = new boolean[1];
    quietly(() -> awaited[0] = illusion.calls(tracee));
    return awaited[0];
  }

  private void event(Tracee tracee, int event) throws SyscallException {
    switch (event) {
      case FORK, VFORK, CLONE -> {
        int child = ptrace.message(tracee.id());
        if (!early.remove(child)) {
          add(
              event == CLONE
                  ? Tracee.thread(child, tracee.life())
                  : Tracee.process(child, tracee.life().child()));
        }
      }
      case EXEC -> {
        int former = ptrace.message(tracee.id());
        if (former != tracee.id()) {
          // A thread became its process.
          tracees.remove(former);
        }
        quietly(() -> illusion.executed(tracee));
      }
      default -> {}
    }
  }

  private void add(Tracee tracee) {
    tracees.put(tracee.id(), tracee);
    illusion.born(tracee);
  }

  private interface Step {
    void take() throws SyscallException;
  }

  /// A process may keep its memory to itself, or have lost it meanwhile.
  private static void quietly(Step step) throws SyscallException {
    try {
      step.take();
    } catch (SyscallException e) {
      if (e.errno() != SyscallException.EPERM && e.errno() != SyscallException.EFAULT) {
        throw e;
      }
    }
  }

  private Tracee tracee(int pid) {
    Tracee known = tracees.get(pid);
    if (known == null) {
      early.add(pid);
      known = unannounced(pid);
      add(known);
    }
    return known;
  }

  private Tracee unannounced(int pid) {
    int process = pid;
    int parent = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("Tgid:")) {
          process = Integer.parseInt(line.substring(5).strip());
        } else if (line.startsWith("PPid:")) {
          parent = Integer.parseInt(line.substring(5).strip());
        }
      }
    } catch (IOException e) {
      // It is gone already.
    }
    Tracee of = tracees.get(process);
    if (of != null) {
      return Tracee.thread(pid, of.life());
    }
    Tracee by = tracees.get(parent);
    return Tracee.process(pid, (by != null ? by.life() : first).child());
  }
}
