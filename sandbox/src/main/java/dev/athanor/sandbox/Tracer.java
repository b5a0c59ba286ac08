package dev.athanor.sandbox;

import dev.athanor.engine.exec.Factor;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows a command and all that it starts, from its first instruction on, and keeps an [Illusion]
/// up: on a thread of its own, since the kernel serves one thread only. When that thread ends
/// before them, they are killed.
///
/// The command waits to be followed before it becomes the command. The processes above it are not
/// followed, so nobody but their parents waits for them. One that is followed has to be waited for
/// here before its parent can; this ends when nobody is left.
final class Tracer implements AutoCloseable {
  /// Finds the command that waits, and has `ptrace` seize it.
  interface Seizing {
    /// @return its number, or 0 when there is none any more
    int seize(Ptrace ptrace) throws IOException;
  }

  /// @param since how old a file can be that was made for the command
  record Plan(Arch arch, Set<Factor> varied, Instant since) {}

  private final ProgramMemory memory;
  private final Thread thread;
  private @Nullable Throwable failure;

  private Tracer(ProgramMemory memory, Plan plan, Seizing seizing, Runnable kill) {
    this.memory = memory;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("sandbox-tracer")
            .unstarted(() -> follow(plan, seizing, kill));
  }

  /// Waits for the command of the program that is in `memory`.
  ///
  /// @param kill ends the command, if there is one
  static Tracer start(ProgramMemory memory, Plan plan, Seizing seizing, Runnable kill) {
    Tracer tracer = new Tracer(memory, plan, seizing, kill);
    tracer.thread.start();
    return tracer;
  }

  /// To be called when the command has ended, or will never be.
  ///
  /// @throws IOException when it could not be followed
  @Override
  public void close() throws IOException {
    memory.letTraceeGo();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IOException("following the command: " + failure.getMessage(), failure);
    }
  }

  private void follow(Plan plan, Seizing seizing, Runnable kill) {
    try (Ptrace ptrace = new Ptrace(plan.arch())) {
      if (memory.awaitTracee()) {
        int pid = seizing.seize(ptrace);
        memory.letTraceeGo();
        if (pid != 0) {
          Illusion illusion = new Illusion(ptrace, plan.arch(), plan.varied(), plan.since());
          new Following(ptrace, illusion, pid).toTheEnd();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      kill.run();
    }
  }
}
