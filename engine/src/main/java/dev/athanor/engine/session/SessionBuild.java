package dev.athanor.engine.session;

import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Summary;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.history.History;
import dev.athanor.engine.history.SavedBuild;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.source.Stamps;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One build of a [Session], from what is remembered of the last one to what is remembered for the
/// next.
final class SessionBuild {
  /// How often actions are run again because one and the same thing that they made is lost.
  private static final int MAX_ROUNDS = 5;

  private final Session session;
  private final Goal goal;
  private final Session.Use use;
  private final List<TargetPattern> patterns;
  private final Request request;
  private final BuildId id = BuildId.create();
  private final long began = System.nanoTime();

  /// Nothing is read before these are made.
  private final Stamps stamps;

  SessionBuild(Session session, Goal goal, List<TargetPattern> patterns, Session.Use use) {
    this.session = session;
    this.goal = goal;
    this.use = use;
    this.patterns = patterns;
    this.request = Request.of(goal, patterns, session.configuration(), session.program());
    this.stamps = Stamps.now(session.workspace().root().getFileSystem());
  }

  BuildResult run() throws IOException, InterruptedException {
    try (History history = session.histories().open(request.key())) {
      Optional<BuildState> last = history.last();
      Check check = null;
      if (last.isPresent()) {
        check = check(last.get());
        check = check.planHolds() ? check : null;
      }
      BuildState state = check != null ? last.orElseThrow() : planned(last);
      BuildResult result = build(state, check != null ? check : check(state));
      return remembered(history, result);
    }
  }

  /// A build that changed nothing, and learned nothing, is the last one once more.
  private BuildResult remembered(History history, BuildResult result) throws IOException {
    Optional<BuildId> same = result.state().unchangedSince();
    if (same.isPresent()) {
      history.touch();
      return result.withId(same.get());
    }
    history.save(saved(result), result.state());
    return result;
  }

  private Check check(BuildState state) throws IOException, InterruptedException {
    return Check.of(session.workspace().root(), state, stamps);
  }

  /// The state to begin with where the last plan does not hold, or there was none.
  private BuildState planned(Optional<BuildState> last) throws IOException, InterruptedException {
    session
        .scheduler()
        .post(new BuildEvent.Loading(patterns.stream().map(TargetPattern::text).toList()));
    // There before directories are listed, or the listings would change by the build itself.
    session.outputs().create();
    Plan plan = session.plan(patterns, goal);
    if (last.isEmpty()) {
      return BuildState.empty(plan);
    }
    return Arrays.equals(plan.bytes(), last.get().plan().bytes())
        ? last.get()
        : BuildState.carriedOver(plan, last.get());
  }

  private BuildResult build(BuildState state, Check check)
      throws IOException, InterruptedException {
    session.follow(state.plan());
    Shown shown = Shown.of(session.outputs(), state);
    BitSet afresh = afresh(state.plan());
    boolean upToDate =
        check.nothingChanged() && state.allValid() && shown.isUpToDate() && afresh.isEmpty();
    Map<Digest, Integer> losses = new HashMap<>();
    while (true) {
      BuildResult result =
          upToDate
              ? session.scheduler().upToDate(id, state, sinceBegin())
              : execute(state, check, afresh);
      try {
        if (!upToDate) {
          shown.show(result);
        }
        use.read(result);
        return result;
      } catch (MissingBlobException e) {
        if (losses.merge(e.digest(), 1, Integer::sum) == MAX_ROUNDS) {
          throw e;
        }
        session.scheduler().forgetLost(state);
        upToDate = false;
        afresh.clear();
      }
    }
  }

  private BitSet afresh(Plan plan) {
    return goal.afresh().map(part -> plan.producers(plan.references(part))).orElseGet(BitSet::new);
  }

  private BuildResult execute(BuildState state, Check check, BitSet afresh)
      throws InterruptedException {
    BuildResult result = session.scheduler().build(id, state, check.doubtfulSources(), afresh);
    check.note(result.unread());
    return result;
  }

  private Duration sinceBegin() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private SavedBuild saved(BuildResult result) {
    Summary summary = result.summary();
    return new SavedBuild(
        id,
        result.state().sequence(),
        request.text(),
        session.configuration().text(),
        summary.executed(),
        summary.cached(),
        summary.failed(),
        summary.skipped(),
        (int) sinceBegin().toMillis());
  }
}
