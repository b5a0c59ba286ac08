package dev.athanor.engine.exec;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.plan.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One run of a [Scheduler] over a plan.
///
/// ```
/// Waiting ── last input Done ──▶ Ready ── nothing changed, or cached ──▶ Done
///    │                             └─ miss ─▶ Queued ── permits ─▶ Running ──▶ Done | Failed
///    └── an input Failed or Skipped, or the build stopped ──▶ Skipped
/// ```
final class Build {
  final Scheduler scheduler;
  private final BuildId id;
  final Plan plan;
  final BuildState state;
  final Contents contents;

  /// Actions that run whatever is known of them. Never changed.
  final BitSet afresh;

  private final Frontier frontier;
  private final Rewinding rewinding;
  private final Running running = new Running();
  private final Twins twins = new Twins();
  private final CountDownLatch unfinished;
  private final long began = System.nanoTime();
  private final AtomicInteger executed = new AtomicInteger();
  private final AtomicInteger cached = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();

  /// Actions of the frontier that are done. Guarded by itself.
  private final BitSet done = new BitSet();

  /// The first failure, when it is to stop everything else.
  private final AtomicReference<@Nullable Label> stoppedBy = new AtomicReference<>();

  /// A broken machine or a bug of ours: ends the build as an exception.
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  /// @param doubtful sources that may hold something else than `state` says
  /// @param afresh actions that run whatever is known of them
  Build(Scheduler scheduler, BuildId id, BuildState state, BitSet doubtful, BitSet afresh) {
    this.scheduler = scheduler;
    this.id = id;
    this.plan = state.plan();
    this.state = state;
    this.afresh = afresh;
    afresh.stream().forEach(action -> state.setValid(action, false));
    this.contents = new Contents(plan, state, scheduler.sources, doubtful);
    this.frontier = Frontier.of(plan, state, doubtful);
    this.rewinding = new Rewinding(this);
    this.unfinished = new CountDownLatch(frontier.size());
  }

  BuildResult run() throws InterruptedException {
    cached.set(plan.actionCount() - frontier.size());
    scheduler.events.post(new BuildEvent.Executing(id, state, frontier.actions()));
    for (int action : frontier.ready()) {
      ready(action);
    }
    try {
      awaitEnd();
    } finally {
      forgetUnfinished();
    }
    rethrowIfBroken();
    readWantedSources();
    Summary summary =
        new Summary(executed.get(), cached.get(), failed.get(), skipped.get(), sinceBegin());
    scheduler.events.post(new BuildEvent.Finished(summary));
    return new BuildResult(id, summary, state, missing(), contents.unread());
  }

  /// When this thread is interrupted, everything is stopped, and has ended before that is passed
  /// on.
  private void awaitEnd() throws InterruptedException {
    boolean interrupted = false;
    while (true) {
      try {
        unfinished.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        if (plan.actionCount() > 0) {
          stop(plan.owner(0));
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  /// No action may read a source that a target names.
  private void readWantedSources() {
    plan.wantedSources().stream()
        .forEach(source -> {
          try {
            var _ = contents.content(Plan.sourceReference(source));
          } catch (UserException e) {
            // Gone since it was analysed; it stays unread.
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// What was not brought to its end may have a result of other inputs.
  private void forgetUnfinished() {
    missing().stream().forEach(action -> state.setValid(action, false));
  }

  private BitSet missing() {
    BitSet missing = frontier.actions();
    synchronized (done) {
      missing.andNot(done);
    }
    return missing;
  }

  private void ready(int action) {
    scheduler.lookUps.submit(() -> attend(action, () -> lookUp(action)));
  }

  /// A step of an action: the outcome, or null when another step follows.
  private interface Step {
    @Nullable Outcome take() throws IOException, InterruptedException;
  }

  private @Nullable Outcome lookUp(int action) throws IOException {
    Attempt attempt = new Attempt(this, action);
    Optional<Outcome> known = attempt.lookUp();
    if (known.isPresent()) {
      return known.get();
    }
    Optional<Digest> key = attempt.missed();
    if (key.isPresent()) {
      if (!twins.enter(action, key.get())) {
        return null;
      }
      Optional<Outcome.Failed> failed = twins.failure(key.get());
      if (failed.isPresent()) {
        return failed.get();
      }
    }
    Queued queued = new Queued(action);
    scheduler.permits.submit(queued.claim, frontier.urgency(action), queued);
    if (stoppedBy.get() != null) {
      // Stopped before this was in the queue, perhaps.
      scheduler.permits.withdraw(this);
    }
    return null;
  }

  /// An action that has to run.
  private final class Queued implements Permits.Task {
    private final int action;
    private final Permits.Claim claim;
    private final Errand errand;
    private final boolean busy;

    Queued(int number) {
      Action what = plan.action(number);
      long memory = state.mebibytes(number) * Action.Needs.MEBIBYTE;
      action = number;
      claim = scheduler.claim(what, memory);
      errand =
          new Errand(
              number,
              scheduler.permits,
              scheduler.localClaim(what, memory),
              frontier.urgency(number),
              () -> references(number));
      // Others wait for something outside most of the time, and may do so on a virtual thread.
      busy =
          what instanceof Action.Builtin builtin
              && builtin.type().resource() != ActionType.Resource.NETWORK;
    }

    @Override
    public Object owner() {
      return Build.this;
    }

    @Override
    public void start() {
      scheduler
          .threads(busy)
          .execute(() -> {
            try {
              if (claim.resource() == ActionType.Resource.REMOTE) {
                ScopedValue.where(Errand.CURRENT, errand).run(this::run);
              } else {
                run();
              }
            } finally {
              scheduler.permits.release(claim);
            }
          });
    }

    private void run() {
      attend(action, () -> rewinding.run(action));
    }

    @Override
    public void withdrawn() {
      finish(action, new Outcome.Skipped(skipCause(action)));
    }
  }

  /// Blobs that the inputs of an action refer to, as the results of those say that made them.
  private Set<Digest> references(int action) {
    Set<Digest> references = new HashSet<>();
    for (int producer : plan.producers(plan.inputs(action)).stream().toArray()) {
      Digest key = state.key(producer);
      try {
        if (key != null) {
          scheduler.cache.get(key).ifPresent(made -> references.addAll(made.references()));
        }
      } catch (IOException e) {
        // Whoever needs them finds out by himself.
      }
    }
    return references;
  }

  /// Takes a step, and ends the action if that was its last.
  private void attend(int action, Step step) {
    Outcome outcome;
    running.enter();
    try {
      Label stop = stoppedBy.get();
      outcome = stop == null ? step.take() : new Outcome.Skipped(stop);
    } catch (InterruptedException e) {
      outcome = new Outcome.Skipped(skipCause(action));
    } catch (UserException e) {
      outcome = new Outcome.Failed(String.valueOf(e.getMessage()), e.hint(), Optional.empty());
    } catch (Throwable e) {
      // Whoever is stopped in the midst of reading or writing meets strange errors.
      if (stoppedBy.get() == null || !(e instanceof IOException)) {
        broken.compareAndSet(null, e);
      }
      stop(plan.owner(action));
      outcome = new Outcome.Skipped(skipCause(action));
    } finally {
      running.leave();
    }
    if (outcome != null) {
      try {
        finish(action, outcome);
      } catch (Throwable e) {
        abandon(action, e);
      }
    }
  }

  /// Ends the build at once: somebody who had to hear of an action's end could not, and nobody
  /// knows any more what is still to come.
  private void abandon(int action, Throwable cause) {
    broken.compareAndSet(null, cause);
    stop(plan.owner(action));
    for (long left = unfinished.getCount(); left > 0; left--) {
      unfinished.countDown();
    }
  }

  private Label skipCause(int action) {
    Label stop = stoppedBy.get();
    return stop == null ? plan.owner(action) : stop;
  }

  /// Ends an action, and every action that can no longer run because of it. A loop and not a
  /// recursion: chains are long.
  private void finish(int first, Outcome outcome) {
    report(first, outcome);
    twins.leave(first, outcome).forEach(this::ready);
    if (outcome.success()) {
      frontier.forEachDependent(
          first,
          dependent -> {
            if (frontier.arrive(dependent)) {
              ready(dependent);
            }
          });
      unfinished.countDown();
      return;
    }
    Label cause = outcome instanceof Outcome.Skipped(var deeper) ? deeper : plan.owner(first);
    ArrayDeque<Integer> ended = new ArrayDeque<>();
    ended.add(first);
    for (Integer action = ended.poll(); action != null; action = ended.poll()) {
      frontier.forEachDependent(
          action,
          dependent -> {
            if (frontier.giveUp(dependent)) {
              report(dependent, new Outcome.Skipped(cause));
              ended.add(dependent);
            }
          });
      unfinished.countDown();
    }
  }

  private void report(int action, Outcome outcome) {
    switch (outcome) {
      case Outcome.Executed _ -> executed.incrementAndGet();
      case Outcome.CacheHit _, Outcome.UpToDate _ -> cached.incrementAndGet();
      case Outcome.Failed _ -> failed.incrementAndGet();
      case Outcome.Skipped _ -> skipped.incrementAndGet();
    }
    if (outcome.success()) {
      synchronized (done) {
        done.set(action);
      }
    }
    scheduler.events.post(
        new BuildEvent.ActionFinished(action, plan.action(action), outcome, sinceBegin()));
    if (outcome instanceof Outcome.Failed && !scheduler.keepGoing) {
      stop(plan.owner(action));
    }
  }

  private void stop(Label because) {
    if (stoppedBy.compareAndSet(null, because)) {
      running.interrupt();
      scheduler.permits.withdraw(this);
    }
  }

  /// Time since the build began.
  Duration sinceBegin() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// An action ran that had been done before.
  void ranAgain() {
    executed.incrementAndGet();
  }

  private void rethrowIfBroken() {
    Throwable cause = broken.get();
    switch (cause) {
      case null -> {}
      case IOException e -> throw new UncheckedIOException(e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }
}
