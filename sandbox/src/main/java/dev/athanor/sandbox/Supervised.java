package dev.athanor.sandbox;

import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.exec.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Work with a process, done on a platform thread, because waiting blocks the thread and would
/// block the carrier of a virtual one, while its caller can be interrupted at any time.
///
/// The platform thread outlives a process that it starts itself, whose death signal is tied to it.
final class Supervised {
  /// How long a process may take to end by itself when its time is up.
  static final Duration GRACE = Duration.ofSeconds(2);

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("sandbox-", 0).factory());

  /// What runs on the platform thread.
  interface Work {
    Exit run(Supervised supervised) throws IOException;
  }

  /// The same for a command that somebody is using, when the signal that ended him has reached it
  /// too: it may save something.
  private static final Duration GRACE_OF_USERS = Duration.ofSeconds(8);

  private @Nullable Runnable kill;
  private @Nullable Runnable ask;
  private boolean killed;

  private Supervised() {}

  /// Runs `work` and waits for it. When the calling thread is interrupted, the work is ended early
  /// and waited for first.
  static Exit run(Work work) throws IOException, InterruptedException {
    Supervised supervised = new Supervised();
    FutureTask<Exit> task = new FutureTask<>(() -> work.run(supervised));
    THREADS.execute(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Optional<Exit> exit = supervised.asked(task);
      if (exit.isPresent()) {
        return exit.get();
      }
      supervised.kill();
      awaitQuietly(task);
      throw e;
    } catch (ExecutionException e) {
      throw Parallel.rethrown(e.getCause());
    }
  }

  /// How the work ended that was asked to, if it can be asked and did end.
  private Optional<Exit> asked(FutureTask<Exit> task) {
    @Nullable Runnable action;
    synchronized (this) {
      action = ask;
    }
    if (action == null) {
      return Optional.empty();
    }
    action.run();
    try {
      return Optional.of(task.get(GRACE_OF_USERS.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private static void awaitQuietly(FutureTask<Exit> task) {
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        Exit _ = task.get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        // It failed because it was killed, or would have failed anyway: nobody waits for it.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// From here on, `kill` is what ends the work early. It may be called by any thread, and more
  /// than once.
  void onKill(Runnable kill) {
    synchronized (this) {
      this.kill = kill;
    }
    if (killed()) {
      kill.run();
    }
  }

  /// From here on, the work is asked to end by `ask`, and gets some time for that, before it is
  /// ended.
  synchronized void onAsk(Runnable ask) {
    this.ask = ask;
  }

  private synchronized boolean killed() {
    return killed;
  }

  private void kill() {
    @Nullable Runnable action;
    synchronized (this) {
      killed = true;
      action = kill;
    }
    if (action != null) {
      action.run();
    }
  }

  /// Asks a process to end, and forces it to when it does not.
  static void end(Child child, Runnable kill) throws IOException {
    child.signal(Libc.SIGTERM);
    if (!child.awaitEnd(GRACE)) {
      kill.run();
    }
  }
}
