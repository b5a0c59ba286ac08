package dev.athanor.engine.verify;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Aside;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Verifies the actions of a build while it is under way: it hears of their ends, and runs each
/// again, beginning when no action of the build waits for a permit.
public final class Verifier implements EventSink, AutoCloseable {
  private final Scheduler scheduler;
  private final Reruns reruns;
  private final Ledger ledger;
  private final Comparison comparison;
  private final Choice choice;
  private final Aside aside;
  private final Map<Integer, Verified> verified = new ConcurrentSkipListMap<>();
  private final Map<Digest, CompletableFuture<Verdict>> verdicts = new ConcurrentHashMap<>();

  private final AtomicInteger considered = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger unstable = new AtomicInteger();

  /// Guarded by itself.
  private final BitSet seen = new BitSet();

  private volatile @Nullable BuildState state;

  /// What is to be verified, and how.
  ///
  /// @param factors what may be varied
  /// @param onlyChanged whether only what ran in this build is looked at
  /// @param share what is between 0 and 1: how much of what is not verified yet is looked at
  /// @param seed decides which share that is
  /// @param again whether what is known already is found out once more
  public record Choice(
      Set<Factor> factors, boolean onlyChanged, double share, long seed, boolean again) {
    /// Everything, as far as it is not known.
    public static final Choice ALL = new Choice(EnumSet.allOf(Factor.class), false, 1, 0, false);

    public Choice {
      factors = Factor.setOf(factors);
    }

    private boolean samples(Digest key) {
      long mixed = (Long.parseUnsignedLong(key.hex().substring(0, 16), 16) ^ seed) * MIX;
      return (mixed >>> 11) * 0x1p-53 < share;
    }
  }

  private static final String NETWORK = "it may use the network, which is another every time";

  /// Spreads the seed over all bits.
  private static final long MIX = 0x9e3779b97f4a7c15L;

  /// @param comparison tells differences
  public Verifier(
      Scheduler scheduler, Reruns reruns, Ledger ledger, Comparison comparison, Choice choice) {
    this.scheduler = scheduler;
    this.reruns = reruns;
    this.ledger = ledger;
    this.comparison = comparison;
    this.choice = choice;
    this.aside = new Aside(scheduler);
  }

  @Override
  public void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.Executing(_, var known, var toDo) -> {
        state = known;
        if (!choice.onlyChanged) {
          for (int action = toDo.nextClearBit(0);
              action < known.plan().actionCount();
              action = toDo.nextClearBit(action + 1)) {
            consider(action, known);
          }
        }
      }
      case BuildEvent.ActionFinished(var number, _, var outcome, _) -> {
        BuildState known = state;
        boolean wanted = !choice.onlyChanged || outcome instanceof Outcome.Executed;
        if (outcome.success() && wanted && known != null) {
          consider(number, known);
        }
      }
      case BuildEvent.Loading _,
          BuildEvent.ActionStarted _,
          BuildEvent.ActionProgress _,
          BuildEvent.SandboxChosen _,
          BuildEvent.Notice _,
          BuildEvent.Verifying _,
          BuildEvent.Finished _ -> {}
    }
  }

  /// Waits until everything is verified.
  ///
  /// @return the actions in the order of the plan
  public List<Verified> await() throws IOException, InterruptedException {
    aside.await();
    return List.copyOf(verified.values());
  }

  /// Gives up what is under way.
  @Override
  public void close() {
    aside.close();
  }

  /// Verifies one action of a build that has ended, unless that was done or begun before.
  ///
  /// @param known what the build left
  public void consider(int number, BuildState known) {
    synchronized (seen) {
      if (seen.get(number)) {
        return;
      }
      seen.set(number);
    }
    var _ = considered.incrementAndGet();
    Action action = known.plan().action(number);
    Optional<String> reason = reasonAgainst(action);
    if (reason.isPresent()) {
      note(number, known, new Verdict.NotVerified(reason.get()), 0, Duration.ZERO);
    } else {
      aside.submit(action, known.mebibytes(number), () -> verify(number, known));
    }
  }

  private static Optional<String> reasonAgainst(Action action) {
    return switch (action) {
      case Action.Command command when command.network() -> Optional.of(NETWORK);
      case Action.Builtin builtin when !builtin.cacheable() ->
          Optional.of("it has an effect outside, and runs for that");
      case Action.Builtin builtin when builtin.type().resource() == ActionType.Resource.NETWORK ->
          Optional.of("what it fetches is known by its digest");
      case Action.Builtin builtin when builtin.type().reachesNetwork(builtin.params()) ->
          Optional.of(NETWORK);
      case Action.Command _, Action.Builtin _ -> Optional.empty();
    };
  }

  private void verify(int number, BuildState known) throws InterruptedException {
    try {
      Optional<Settled> settled = Settled.of(number, known, scheduler.sources());
      if (settled.isEmpty()) {
        note(
            number,
            known,
            new Verdict.NotVerified("it was made again meanwhile"),
            0,
            Duration.ZERO);
      } else {
        verify(number, known, settled.get());
      }
    } catch (IOException | UserException e) {
      note(number, known, broken(e), 0, Duration.ZERO);
    }
  }

  private static Verdict broken(Exception e) {
    return new Verdict.NotVerified("it could not be run again: " + e.getMessage(), true, Set.of());
  }

  /// Of several actions with one key one is looked at.
  private void verify(int number, BuildState known, Settled settled)
      throws IOException, InterruptedException {
    CompletableFuture<Verdict> mine = new CompletableFuture<>();
    CompletableFuture<Verdict> twin = verdicts.putIfAbsent(settled.key().digest(), mine);
    if (twin != null) {
      var _ = twin.thenAccept(verdict -> note(number, known, verdict, 0, Duration.ZERO));
      return;
    }
    long start = System.nanoTime();
    int runs = 0;
    Verdict verdict;
    try {
      Optional<Verdict> told = known(settled);
      if (told.isPresent()) {
        verdict = told.get();
      } else {
        Trials trials = new Trials(settled, reruns, comparison, varied(settled.action()));
        verdict = trials.verdict(concerning(settled.action()));
        runs = trials.runs();
        conclude(settled, verdict);
      }
    } catch (MissingBlobException e) {
      verdict = new Verdict.NotVerified("an input of it is lost");
    } catch (IOException | UserException e) {
      verdict = broken(e);
    }
    note(number, known, verdict, runs, Duration.ofNanos(runs == 0 ? 0 : System.nanoTime() - start));
    var _ = mine.complete(verdict);
  }

  private Set<Factor> varied(Action action) {
    Set<Factor> varied = EnumSet.copyOf(choice.factors);
    varied.retainAll(reruns.varies(action));
    return varied;
  }

  /// What of the action's concern is to be varied, whether that is possible or not.
  private Set<Factor> concerning(Action action) {
    Set<Factor> concerning = EnumSet.copyOf(choice.factors);
    concerning.retainAll(Reruns.concerning(action));
    return concerning;
  }

  /// What there is to say without running it.
  private Optional<Verdict> known(Settled settled) throws IOException {
    Set<Factor> varied = varied(settled.action());
    if (varied.isEmpty()) {
      return Optional.of(
          new Verdict.NotVerified(
              "nothing of what is to be varied can be", false, concerning(settled.action())));
    }
    Set<Factor> before = ledger.verified(settled.key().digest(), settled.outputs());
    if (!choice.again && before.containsAll(varied)) {
      share(settled.key(), settled.outputs());
      Set<Factor> open = concerning(settled.action());
      open.removeAll(before);
      return Optional.of(new Verdict.Stable(before, open, true));
    }
    return choice.samples(settled.key().digest())
        ? Optional.empty()
        : Optional.of(new Verdict.NotVerified("not in the sample"));
  }

  private void conclude(Settled settled, Verdict verdict) throws IOException {
    Digest key = settled.key().digest();
    switch (verdict) {
      case Verdict.Stable(var varied, _, _) -> {
        ledger.note(key, settled.outputs(), varied, Reruns.concerning(settled.action()));
        share(settled.key(), settled.outputs());
      }
      case Verdict.Unstable _ -> ledger.forget(key);
      case Verdict.NotVerified _ -> {}
    }
  }

  /// Lets others have what they could not have before it was verified.
  private void share(ActionKey key, SortedMap<RelativePath, Content> outputs) throws IOException {
    ActionCache cache = scheduler.cache();
    if (cache instanceof VerifiedOnly) {
      Optional<ActionResult> result = cache.near().get(key.digest());
      if (result.isPresent() && result.get().hermetic() && result.get().outputs().equals(outputs)) {
        cache.share(key, result.get());
      }
    }
  }

  private void note(int number, BuildState known, Verdict verdict, int runs, Duration wall) {
    Action action = known.plan().action(number);
    int findings = unstable.addAndGet(verdict instanceof Verdict.Unstable ? 1 : 0);
    scheduler.post(
        new BuildEvent.Verifying(
            action.describe(), done.incrementAndGet(), considered.get(), findings));
    verified.put(
        number,
        new Verified(
            number,
            action.owner(),
            action.describe(),
            action.outputs().getFirst().path().text(),
            verdict,
            runs,
            wall));
  }
}
