package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Work beside a build that is like running its actions. It gets permits when no action of the
/// build waits for them.
public final class Aside {
  private static final long LEAST_URGENT = -1;

  private final Scheduler scheduler;
  private final Running running = new Running();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  /// One party is whoever waits for all others.
  private final Phaser jobs = new Phaser(1);

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
    var _ = jobs.register();
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
            } catch (InterruptedException e) {
              // Only [#stop] interrupts.
            } catch (Throwable e) {
              if (!stopped && broken.compareAndSet(null, e)) {
                stop();
              }
            } finally {
              running.leave();
              scheduler.permits.release(claim);
              var _ = jobs.arriveAndDeregister();
            }
          });
    }

    @Override
    public void withdrawn() {
      var _ = jobs.arriveAndDeregister();
    }
  }

  /// Waits until everything that was submitted has ended. To be called once, when nobody submits
  /// anything any more.
  ///
  /// @throws InterruptedException when this thread was interrupted, after everything was stopped
  public void await() throws IOException, InterruptedException {
    int phase = jobs.arrive();
    try {
      var _ = jobs.awaitAdvanceInterruptibly(phase);
    } catch (InterruptedException e) {
      stop();
      var _ = jobs.awaitAdvance(phase);
      throw e;
    }
    switch (broken.get()) {
      case null -> {}
      case IOException e -> throw e;
      case UncheckedIOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /// Interrupts what runs, and begins nothing more.
  public void stop() {
    stopped = true;
    scheduler.permits.withdraw(this);
    running.interrupt();
  }
}
