package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Work beside a build that is like running its actions. It begins when no action of the build
/// waits for permits, and keeps its own until it has ended.
public final class Aside implements AutoCloseable {
  private static final long LEAST_URGENT = -1;

  private final Scheduler scheduler;
  private final Running running = new Running();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private int unfinished;
  private volatile boolean stopped;

  public Aside(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Something to do while holding the permits of an action.
  @FunctionalInterface
  public interface Job {
    void run() throws IOException, InterruptedException;
  }

  /// Does it as soon as there are permits, on a thread of its own, unless everything is stopped
  /// before.
  ///
  /// @param mebibytes how much memory the action took when it last ran; zero when nobody knows
  public void submit(Action action, int mebibytes, Job job) {
    count(1);
    Permits.Claim claim = scheduler.localClaim(action, mebibytes * Action.Needs.MEBIBYTE);
    scheduler.permits.submit(claim, LEAST_URGENT, new Queued(claim, job));
    if (stopped) {
      scheduler.permits.withdraw(this);
    }
  }

  private final class Queued implements Permits.Task {
    private final Permits.Claim claim;
    private final Job job;

    Queued(Permits.Claim claim, Job job) {
      this.claim = claim;
      this.job = job;
    }

    @Override
    public Object owner() {
      return Aside.this;
    }

    @Override
    public void start() {
      scheduler
          .threads(true)
          .execute(() -> {
            running.enter();
            try {
              if (!stopped) {
                job.run();
              }
            } catch (Throwable e) {
              // What is stopped in the midst of something meets strange errors.
              if (!stopped && broken.compareAndSet(null, e)) {
                stop();
              }
            } finally {
              running.leave();
              scheduler.permits.release(claim);
              count(-1);
            }
          });
    }

    @Override
    public void withdrawn() {
      count(-1);
    }
  }

  private synchronized void count(int jobs) {
    unfinished += jobs;
    notifyAll();
  }

  /// Waits until everything that was submitted has ended.
  ///
  /// @throws IOException when a job ended with one, and so for whatever else a job threw
  public void await() throws IOException, InterruptedException {
    awaitEnd();
    switch (broken.get()) {
      case null -> {}
      case IOException e -> throw e;
      case UncheckedIOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private synchronized void awaitEnd() throws InterruptedException {
    while (unfinished > 0) {
      wait();
    }
  }

  private void stop() {
    stopped = true;
    scheduler.permits.withdraw(this);
    running.interrupt();
  }

  /// Interrupts what runs, begins nothing more, and waits until all has ended.
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    while (true) {
      try {
        awaitEnd();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
