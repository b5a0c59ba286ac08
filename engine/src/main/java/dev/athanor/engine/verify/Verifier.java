package dev.athanor.engine.verify;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.Format;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Aside;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.Rerun;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Verifies the actions of a build while it is under way: it hears of their ends, and runs each
/// again when nobody else wants the machine.
public final class Verifier implements EventSink, AutoCloseable {
  private final Scheduler scheduler;
  private final Reruns reruns;
  private final Ledger ledger;
  private final Comparison comparison;
  private final Choice choice;
  private final Aside aside;
  private final Map<Integer, Verified> verified = new ConcurrentSkipListMap<>();
  private final Map<Digest, Integer> keys = new ConcurrentHashMap<>();

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

  /// Spreads the seed over all bits.
  private static final long MIX = 0x9e3779b97f4a7c15L;

  /// @param formats by which differences are told
  public Verifier(
      Scheduler scheduler, Reruns reruns, Ledger ledger, List<Format> formats, Choice choice) {
    this.scheduler = scheduler;
    this.reruns = reruns;
    this.ledger = ledger;
    this.comparison = new Comparison(scheduler.blobs(), formats);
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
      note(number, action, new Verdict.NotVerified(reason.get()), 0, Duration.ZERO);
    } else {
      aside.submit(action, known.mebibytes(number), () -> verify(number, action, known));
    }
  }

  private static Optional<String> reasonAgainst(Action action) {
    return switch (action) {
      case Action.Command command when command.network() ->
          Optional.of("it may use the network, which is another every time");
      case Action.Builtin builtin when !builtin.cacheable() ->
          Optional.of("it has an effect outside, and runs for that");
      case Action.Builtin builtin when builtin.type().resource() == ActionType.Resource.NETWORK ->
          Optional.of("what it fetches is known by its digest");
      case Action.Command _, Action.Builtin _ -> Optional.empty();
    };
  }

  private void verify(int number, Action action, BuildState known)
      throws IOException, InterruptedException {
    Map<Artifact, Content> inputs = inputs(number, action, known);
    SortedMap<RelativePath, Content> outputs = outputs(number, action, known);
    ActionKey key = ActionKey.of(action, inputs);
    if (keys.putIfAbsent(key.digest(), number) != null) {
      var _ = considered.decrementAndGet();
      return;
    }
    Set<Factor> varied = EnumSet.copyOf(choice.factors);
    varied.retainAll(reruns.varies(action));
    Set<Factor> concerning = EnumSet.copyOf(choice.factors);
    concerning.retainAll(Reruns.concerning(action));
    concerning.removeAll(varied);
    if (!choice.again) {
      Optional<Set<Factor>> before = ledger.verified(key.digest(), outputs);
      if (before.isPresent() && before.get().containsAll(varied)) {
        Verdict verdict = new Verdict.Stable(before.get(), without(concerning, before.get()), true);
        note(number, action, verdict, 0, Duration.ZERO);
        return;
      }
    }
    if (!choice.samples(key.digest())) {
      note(number, action, new Verdict.NotVerified("not in the sample"), 0, Duration.ZERO);
      return;
    }
    long start = System.nanoTime();
    try {
      Explanation explanation =
          new Search(
                  factors -> reruns.run(action, inputs, factors),
                  varied,
                  new Rerun.Made(outputs),
                  this::contrast)
              .run();
      Duration wall = Duration.ofNanos(System.nanoTime() - start);
      conclude(number, action, key, outputs, explanation, varied, concerning, wall);
    } catch (MissingBlobException e) {
      Verdict verdict = new Verdict.NotVerified("an input of it is lost");
      note(number, action, verdict, 0, Duration.ZERO);
    }
  }

  private void conclude(
      int number,
      Action action,
      ActionKey key,
      SortedMap<RelativePath, Content> outputs,
      Explanation explanation,
      Set<Factor> varied,
      Set<Factor> notVaried,
      Duration wall)
      throws IOException {
    if (explanation.stable()) {
      ledger.note(key.digest(), outputs, varied);
      share(key, outputs);
      note(number, action, new Verdict.Stable(varied, notVaried, false), explanation.runs(), wall);
    } else {
      ledger.forget(key.digest());
      Verdict verdict = new Verdict.Unstable(varied, notVaried, explanation.causes());
      note(number, action, verdict, explanation.runs(), wall);
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

  private void note(int number, Action action, Verdict verdict, int runs, Duration wall) {
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

  private static Set<Factor> without(Set<Factor> some, Set<Factor> others) {
    Set<Factor> rest = EnumSet.noneOf(Factor.class);
    rest.addAll(some);
    rest.removeAll(others);
    return rest;
  }

  private Map<Artifact, Content> inputs(int number, Action action, BuildState known)
      throws IOException {
    int[] references = known.plan().inputs(number);
    Map<Artifact, Content> inputs = new LinkedHashMap<>();
    for (int i = 0; i < references.length; i++) {
      Content content = known.content(references[i]);
      if (content == null && !Plan.isOutput(references[i])) {
        int source = Plan.number(references[i]);
        content = scheduler.sources().content(known.plan().source(source).path());
      }
      if (content == null) {
        throw new IllegalStateException("not made: " + known.plan().artifact(references[i]));
      }
      inputs.put(action.inputs().get(i), content);
    }
    return inputs;
  }

  private static SortedMap<RelativePath, Content> outputs(
      int number, Action action, BuildState known) {
    SortedMap<RelativePath, Content> outputs = new TreeMap<>();
    int at = known.plan().firstOutput(number);
    for (Artifact.Derived output : action.outputs()) {
      Content content = known.output(at++);
      if (content == null) {
        throw new IllegalStateException("not made: " + output);
      }
      outputs.put(output.path(), content);
    }
    return outputs;
  }

  private List<Difference> contrast(Rerun before, Rerun after) throws IOException {
    return new OutputContrast(comparison).between(before, after);
  }
}
