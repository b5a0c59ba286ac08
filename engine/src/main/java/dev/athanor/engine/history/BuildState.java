package dev.athanor.engine.history;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.source.Stamps;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What is known of a plan's sources and actions: what they held and made when somebody last
/// looked, and whether that still holds.
///
/// An action is *valid* when its result belongs to what its inputs hold. A result that is not valid
/// is kept all the same: when the action's key turns out to be the one that the result has, it is
/// valid again, and nothing needs to be looked up or run. Safe for use by many threads.
public final class BuildState {
  private final Plan plan;
  private final Freshness freshness;
  private final ResultsLoader loader;
  private @Nullable Results results;

  /// The saved build that this continues; null when it continues none.
  private @Nullable BuildId base;

  /// The sequence number of the build that is under way.
  private int sequence;

  /// Reads the larger part of a state when somebody needs it.
  @FunctionalInterface
  interface ResultsLoader {
    Results load() throws IOException;
  }

  /// @param sequence the number of the build that comes next
  BuildState(
      Plan plan, Freshness freshness, ResultsLoader loader, @Nullable BuildId base, int sequence) {
    this.plan = plan;
    this.freshness = freshness;
    this.loader = loader;
    this.base = base;
    this.sequence = sequence;
  }

  /// The state in which nothing is known.
  public static BuildState empty(Plan plan) {
    return new BuildState(
        plan,
        new Freshness(plan.watchCount(), plan.outputCount()),
        () -> new Results(plan),
        null,
        1);
  }

  /// What is known of `plan` by a state of another plan: sources and actions that have the same
  /// names. No action is valid: it may be another one of the same name.
  public static BuildState carriedOver(Plan plan, BuildState old) {
    BuildState state = empty(plan);
    state.sequence = old.sequence;
    Map<String, Integer> sources = old.plan.sourcesByPath();
    for (int source = 0; source < plan.sourceCount(); source++) {
      Integer before = sources.get(plan.watchPath(source));
      Content content = before == null ? null : old.source(before);
      if (before != null && content != null) {
        state.setSource(source, content);
        state.setStamp(source, old.stamp(before));
      }
    }
    Map<String, Integer> actions = old.plan.actionsByName();
    for (int action = 0; action < plan.actionCount(); action++) {
      Integer before = actions.get(plan.name(action));
      if (before != null) {
        state.carryOver(action, old, before);
      }
    }
    return state;
  }

  private void carryOver(int action, BuildState old, int before) {
    results().setRun(action, old.millis(before), old.mebibytes(before), old.ranIn(before));
    int first = plan.firstOutput(action);
    int count = plan.firstOutput(action + 1) - first;
    int oldFirst = old.plan.firstOutput(before);
    Digest key = old.key(before);
    if (key == null || count != old.plan.firstOutput(before + 1) - oldFirst) {
      return;
    }
    for (int i = 0; i < count; i++) {
      if (!plan.outputPath(first + i).equals(old.plan.outputPath(oldFirst + i))) {
        return;
      }
    }
    List<Content> contents =
        IntStream.range(oldFirst, oldFirst + count)
            .mapToObj(output -> Objects.requireNonNull(old.output(output)))
            .toList();
    results().setResult(action, key, first, contents);
    for (int i = 0; i < count; i++) {
      setShown(first + i, old.shown(oldFirst + i));
    }
  }

  public Plan plan() {
    return plan;
  }

  synchronized @Nullable BuildId base() {
    return base;
  }

  /// What is known now is what that build left.
  synchronized void saved(BuildId build) {
    base = build;
    sequence++;
    freshness.clearChanges();
    if (results != null) {
      results.clearChanges();
    }
  }

  synchronized boolean areResultsChanged() {
    return results != null && results.isChanged();
  }

  Freshness freshness() {
    return freshness;
  }

  synchronized Results results() {
    Results loaded = results;
    if (loaded == null) {
      try {
        loaded = loader.load();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      results = loaded;
    }
    return loaded;
  }

  /// The saved build that left exactly this state, if there is one.
  public synchronized Optional<BuildId> unchangedSince() {
    return freshness.isChanged() || areResultsChanged()
        ? Optional.empty()
        : Optional.ofNullable(base);
  }

  /// What stood at a watched path, see [Stamps].
  public synchronized long stamp(int watch) {
    return freshness.stamp(watch);
  }

  public synchronized void setStamp(int watch, long stamp) {
    freshness.setStamp(watch, stamp);
  }

  /// What an output looked like where it was last shown; zero when it was not.
  public synchronized long shown(int output) {
    return freshness.shown(output);
  }

  public synchronized void setShown(int output, long stamp) {
    freshness.setShown(output, stamp);
  }

  public synchronized boolean isValid(int action) {
    return freshness.isValid(action);
  }

  public synchronized boolean allValid() {
    return freshness.countValid() == plan.actionCount();
  }

  public synchronized void setValid(int action, boolean is) {
    freshness.setValid(action, is);
  }

  /// What a source held; null when nobody has looked yet.
  public synchronized @Nullable Content source(int source) {
    return results().source(source);
  }

  /// @return whether that is news
  public synchronized boolean setSource(int source, Content content) {
    if (content.equals(results().source(source))) {
      return false;
    }
    results().setSource(source, content);
    return true;
  }

  /// What an action made; null when it never did.
  public synchronized @Nullable Content output(int output) {
    return results().output(output);
  }

  /// What a source or output held, by its reference in the plan; null when nobody knows.
  public @Nullable Content content(int reference) {
    int number = Plan.number(reference);
    return Plan.isOutput(reference) ? output(number) : source(number);
  }

  /// The key that an action's outputs belong to; null where there are none.
  public synchronized @Nullable Digest key(int action) {
    return results().key(action);
  }

  /// How long an action ran when it last did; zero when nobody knows.
  public synchronized int millis(int action) {
    return results().millis(action);
  }

  /// How much memory an action took when it last ran, in MiB; zero when nobody knows.
  public synchronized int mebibytes(int action) {
    return results().mebibytes(action);
  }

  /// The sequence number of the build in which an action last ran; zero when none is known.
  public synchronized int ranIn(int action) {
    return results().ranIn(action);
  }

  /// The sequence number of the build that is under way, or comes next.
  public synchronized int sequence() {
    return sequence;
  }

  /// Notes what an action made, which makes it valid.
  ///
  /// @param contents of its outputs, in their order
  public synchronized void setResult(int action, Digest key, List<Content> contents) {
    for (int i = 0; i < contents.size(); i++) {
      int output = plan.firstOutput(action) + i;
      if (!contents.get(i).equals(output(output))) {
        setShown(output, Stamps.UNKNOWN);
      }
    }
    results().setResult(action, key, plan.firstOutput(action), contents);
    freshness.setValid(action, true);
  }

  /// Notes that an action ran in this build.
  ///
  /// @param millis how long
  /// @param mebibytes how much memory it took; zero when unknown
  public synchronized void setRun(int action, int millis, int mebibytes) {
    results().setRun(action, millis, mebibytes, sequence);
  }

  /// Forgets what an action made: the store has lost it.
  public synchronized void forget(int action) {
    results().forget(action);
    freshness.setValid(action, false);
  }
}
