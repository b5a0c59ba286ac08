package dev.athanor.engine.why;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.Watch;
import dev.athanor.engine.source.FileLeaf;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.why.Cause.Change;
import dev.athanor.engine.why.Explanation.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares two moments, action by action. Actions and files are the same when they have the same
/// names. Used by one thread.
public final class Explainer {
  private final BuildState before;
  private final Moment after;
  private final Verdicts verdicts;
  private final List<String> flags;
  private final Map<String, Integer> oldActions;
  private final Map<Integer, Explanation> known = new HashMap<>();

  /// Files in the build language that say something else than before; null until somebody asks.
  private @Nullable Set<String> changedTexts;

  /// What became of an action of the later plan that has these causes to run; told by whoever knows
  /// whether it has.
  @FunctionalInterface
  public interface Verdicts {
    Verdict of(int action, List<Cause> causes);
  }

  /// @param flags what differs between the flags of the two, in words
  public Explainer(BuildState before, Moment after, Verdicts verdicts, List<String> flags) {
    this.before = before;
    this.after = after;
    this.verdicts = verdicts;
    this.flags = flags;
    this.oldActions = before.plan().actionsByName();
  }

  /// Explains an action of the later plan.
  public Explanation explain(int action) throws IOException {
    Explanation explained = known.get(action);
    if (explained == null) {
      // What it reads is explained first, from the beginning of the plan: chains are long.
      for (int input : needed(action)) {
        known.put(input, compute(input));
      }
      explained = compute(action);
      known.put(action, explained);
    }
    return explained;
  }

  /// Explains every action of the later plan; each stands at its number.
  public List<Explanation> explainAll() throws IOException {
    List<Explanation> all = new ArrayList<>();
    for (int action = 0; action < after.plan().actionCount(); action++) {
      // In the order of the plan, so that what it reads is explained already.
      Explanation explained = known.get(action);
      if (explained == null) {
        explained = compute(action);
        known.put(action, explained);
      }
      all.add(explained);
    }
    return all;
  }

  /// The actions that `action` depends on, however indirectly, in the order of the plan, without
  /// those that are explained already.
  private int[] needed(int action) {
    BitSet needed = after.plan().actionsFor(after.plan().inputs(action));
    known.keySet().forEach(needed::clear);
    return needed.stream().toArray();
  }

  private Explanation compute(int action) throws IOException {
    Action what = after.plan().action(action);
    String name = after.plan().name(action);
    Integer old = oldActions.get(name);
    List<Cause> causes = old == null ? List.of(new Cause.New()) : causes(action, what, old);
    Verdict verdict = verdicts.of(action, causes);
    return new Explanation(
        what.describe(),
        name,
        verdict,
        verdict == Verdict.RAN && causes.isEmpty() ? List.of(lost(action)) : causes);
  }

  private Cause lost(int action) {
    return after.plan().isCacheable(action) ? new Cause.Lost() : new Cause.Uncacheable();
  }

  private List<Cause> causes(int action, Action what, int old) throws IOException {
    List<Cause> causes = new ArrayList<>(inputs(action, old));
    List<Cause> parts = Parts.differences(Parts.of(before.plan().action(old)), Parts.of(what));
    if (!parts.isEmpty()) {
      causes.addAll(parts);
      causes.add(new Cause.Declaration(changedFiles(what.owner().pkg().text()), flags));
    }
    if (causes.isEmpty() && before.key(old) == null) {
      causes.add(new Cause.Unfinished());
    }
    return causes;
  }

  private List<Cause> inputs(int action, int old) throws IOException {
    Map<String, Integer> inputs = byPath(after.plan(), action);
    Map<String, Integer> oldInputs = byPath(before.plan(), old);
    List<Cause> causes = new ArrayList<>();
    for (Map.Entry<String, Integer> input : inputs.entrySet()) {
      Integer was = oldInputs.remove(input.getKey());
      Change change = was == null ? Change.ADDED : change(was, input.getValue());
      if (change != null) {
        causes.add(input(input.getKey(), input.getValue(), change));
      }
    }
    oldInputs.forEach((path, reference) ->
        causes.add(
            Plan.isOutput(reference)
                ? new Cause.Input(path, Change.REMOVED, Optional.empty())
                : new Cause.Source(path, Change.REMOVED)));
    return causes;
  }

  private static Map<String, Integer> byPath(Plan plan, int action) {
    Map<String, Integer> inputs = new LinkedHashMap<>();
    for (int reference : plan.inputs(action)) {
      int number = Plan.number(reference);
      inputs.put(
          Plan.isOutput(reference) ? plan.outputPath(number) : plan.watchPath(number), reference);
    }
    return inputs;
  }

  /// Null when there is none.
  private @Nullable Change change(int was, int reference) throws IOException {
    if (Plan.isOutput(reference) && maker(reference).verdict() == Verdict.OUTDATED) {
      return Change.UNKNOWN;
    }
    Optional<Content> now = after.content(reference);
    if (now.isEmpty()) {
      return Change.UNKNOWN;
    }
    return now.get().equals(before.content(was)) ? null : Change.CHANGED;
  }

  private Explanation maker(int reference) throws IOException {
    return explain(after.plan().producer(Plan.number(reference)));
  }

  private Cause input(String path, int reference, Change change) throws IOException {
    return Plan.isOutput(reference)
        ? new Cause.Input(path, change, Optional.of(maker(reference)))
        : new Cause.Source(path, change);
  }

  /// The files in the build language that say something else than before: those that can have to do
  /// with the package, or all when there are none.
  private List<String> changedFiles(String pkg) {
    Set<String> changed = changedTexts();
    String folder = pkg.isEmpty() ? "" : pkg + "/";
    List<String> likely =
        changed.stream()
            .filter(path ->
                path.endsWith(".bzl")
                    || path.equals(folder + "BUILD")
                    || path.equals(folder + "BUILD.athanor"))
            .toList();
    return likely.isEmpty() ? List.copyOf(changed) : likely;
  }

  private Set<String> changedTexts() {
    Set<String> changed = changedTexts;
    if (changed == null) {
      changed = new LinkedHashSet<>();
      Map<String, Long> old = texts(before.plan());
      for (Map.Entry<String, Long> now : texts(after.plan()).entrySet()) {
        if (!now.getValue().equals(old.get(now.getKey()))) {
          changed.add(now.getKey());
        }
      }
      changedTexts = changed;
    }
    return changed;
  }

  private static Map<String, Long> texts(Plan plan) {
    BitSet all = new BitSet();
    all.set(0, plan.watchCount());
    Map<String, Long> texts = new TreeMap<>();
    for (Watch watch : plan.watches(all)) {
      for (Watch.Said said : watch.said()) {
        if (said.aspect() == FileLeaf.Aspect.TEXT) {
          texts.put(watch.path(), said.fingerprint());
        }
      }
    }
    return texts;
  }
}
