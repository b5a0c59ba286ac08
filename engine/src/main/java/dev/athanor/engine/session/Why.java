package dev.athanor.engine.session;

import com.google.common.base.Splitter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.history.Histories;
import dev.athanor.engine.history.SavedBuild;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.source.Stamps;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.why.Cause;
import dev.athanor.engine.why.Explainer;
import dev.athanor.engine.why.Explanation;
import dev.athanor.engine.why.Explanation.Verdict;
import dev.athanor.engine.why.Moment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Explains what became of a target's actions, or would.
public final class Why {
  /// How many builds of other requests are looked at for one to compare with.
  private static final int RELATED = 5;

  private final Session session;
  private final Histories histories;

  Why(Session session) {
    this.session = session;
    this.histories = session.histories();
  }

  /// What is to be told of a target.
  ///
  /// @param since the build that things are compared with
  /// @param until the build that is explained; absent when it is the workspace as it is now
  /// @param explanations of each of the target's actions
  public record Answer(
      Label label,
      Optional<SavedBuild> since,
      Optional<SavedBuild> until,
      List<Explanation> explanations) {
    public Answer {
      explanations = List.copyOf(explanations);
    }

    /// Whether any action ran, or would have to.
    public boolean anything() {
      return explanations.stream().anyMatch(e -> e.verdict() != Verdict.UP_TO_DATE);
    }
  }

  /// A build that is remembered, held against the one before it.
  ///
  /// @param state what it left
  /// @param since what it is compared with: the build before it of the same request, or else the
  ///   latest one that has some of its actions; absent where there is none
  /// @param before what that one left
  /// @param explanations of each action, by its number; none where there is nothing to compare with
  public record Review(
      SavedBuild build,
      BuildState state,
      Optional<SavedBuild> since,
      Optional<BuildState> before,
      List<Explanation> explanations) {
    public Review {
      explanations = List.copyOf(explanations);
    }
  }

  /// Explains a whole build; empty when it is not remembered any more.
  public Optional<Review> review(BuildId id) throws IOException {
    List<Histories.Place> all = histories.builds();
    for (int i = 0; i < all.size(); i++) {
      Histories.Place place = all.get(i);
      if (place.build().id().equals(id)) {
        Optional<BuildState> state = histories.state(place);
        return state.isPresent()
            ? Optional.of(review(place, state.get(), all.subList(i + 1, all.size())))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// @param earlier builds, latest first
  private Review review(Histories.Place until, BuildState after, List<Histories.Place> earlier)
      throws IOException {
    List<Histories.Place> candidates = new ArrayList<>();
    earlier.stream()
        .filter(place -> place.file().equals(until.file()))
        .findFirst()
        .ifPresentOrElse(
            candidates::add, () -> earlier.stream().limit(RELATED).forEach(candidates::add));
    for (Histories.Place since : candidates) {
      Optional<BuildState> before = histories.state(since);
      if (before.isPresent() && haveCommonActions(before.get().plan(), after.plan())) {
        return new Review(
            until.build(),
            after,
            Optional.of(since.build()),
            before,
            explainer(since, before.get(), until, after).explainAll());
      }
    }
    return new Review(until.build(), after, Optional.empty(), Optional.empty(), List.of());
  }

  private static boolean haveCommonActions(Plan before, Plan after) {
    return !Collections.disjoint(before.actionsByName().keySet(), after.actionsByName().keySet());
  }

  /// A plan that was written down by this very program.
  public Plan plan(byte[] bytes) {
    return Plan.read(bytes, session.program().types());
  }

  /// Every build that is remembered, latest first.
  public List<SavedBuild> builds() throws IOException {
    return histories.builds().stream().map(Histories.Place::build).toList();
  }

  /// What would run now. When nothing would, what ran in the last build of the target.
  ///
  /// @throws UserException when the target was never built
  public Answer explain(Label label) throws IOException, InterruptedException {
    List<Histories.Place> builds = buildsOf(label, histories.builds());
    if (builds.isEmpty()) {
      // Tells so when there is no such target.
      var _ = session.analyze(List.of(label));
      throw new UserException(
          label + " was not built yet, so there is nothing to compare with",
          "build it first: athanor build " + label);
    }
    Answer now = now(label, builds.getFirst());
    if (now.anything() || builds.size() == 1) {
      return now;
    }
    return between(label, builds.get(1), builds.getFirst());
  }

  /// What ran between two builds.
  ///
  /// @param since names a build: its id, or an end of it that no other has
  /// @param until another one; when absent, the last build of the target
  /// @throws UserException when there is no such build, or the target is not in it
  public Answer explain(Label label, String since, Optional<String> until) throws IOException {
    List<Histories.Place> all = histories.builds();
    Histories.Place first = find(since, all);
    Histories.Place last;
    if (until.isPresent()) {
      last = find(until.get(), all);
    } else {
      List<Histories.Place> builds = buildsOf(label, all);
      last = builds.isEmpty() ? first : builds.getFirst();
    }
    return between(label, first, last);
  }

  private static Histories.Place find(String id, List<Histories.Place> builds) {
    List<Histories.Place> found =
        builds.stream()
            .filter(place -> {
              String name = place.build().id().toString();
              return name.startsWith(id) || name.endsWith(id);
            })
            .toList();
    if (found.size() != 1) {
      throw new UserException(
          (found.isEmpty() ? "no build is remembered as " : "several builds are remembered as ")
              + id,
          "athanor why without a target lists the builds");
    }
    return found.getFirst();
  }

  /// The two latest builds that have the target, or as many as there are.
  private List<Histories.Place> buildsOf(Label label, List<Histories.Place> all)
      throws IOException {
    List<Histories.Place> found = new ArrayList<>();
    for (Histories.Place place : all) {
      Optional<BuildState> state = histories.state(place);
      if (state.isPresent() && !actions(label.toString(), state.get().plan()).isEmpty()) {
        found.add(place);
        if (found.size() == 2) {
          break;
        }
      }
    }
    return found;
  }

  private Answer between(Label label, Histories.Place since, Histories.Place until)
      throws IOException {
    BuildState before = state(label, since);
    BuildState after = state(label, until);
    Explainer explainer = explainer(since, before, until, after);
    return new Answer(
        label,
        Optional.of(since.build()),
        Optional.of(until.build()),
        explanations(label, after.plan(), explainer));
  }

  private static Explainer explainer(
      Histories.Place since, BuildState before, Histories.Place until, BuildState after) {
    // Builds of different requests are counted each for itself.
    int from =
        since.file().equals(until.file()) ? since.build().sequence() + 1 : until.build().sequence();
    return new Explainer(
        before,
        Moment.of(after),
        (action, causes) -> {
          if (after.ranIn(action) >= from && after.key(action) != null) {
            return Verdict.RAN;
          }
          if (!after.isValid(action) && after.plan().isCacheable(action)) {
            return Verdict.UNFINISHED;
          }
          return causes.isEmpty() ? Verdict.UP_TO_DATE : Verdict.CACHED;
        },
        flags(since.build().configuration(), until.build().configuration()));
  }

  private BuildState state(Label label, Histories.Place place) throws IOException {
    BuildState state =
        histories
            .state(place)
            .orElseThrow(() ->
                new UserException(
                    "what is remembered of build " + place.build().id() + " is damaged"));
    if (actions(label.toString(), state.plan()).isEmpty()) {
      throw new UserException("build " + place.build().id() + " did not need " + label);
    }
    return state;
  }

  private Answer now(Label label, Histories.Place since) throws IOException, InterruptedException {
    BuildState before = state(label, since);
    Plan plan = session.plan(patterns(label, since, before.plan()), Goal.of("why", Why::choose));
    Explainer explainer =
        new Explainer(
            before,
            new Now(plan, before),
            (action, causes) -> causes.isEmpty() ? Verdict.UP_TO_DATE : Verdict.OUTDATED,
            flags(since.build().configuration(), session.configuration().text()));
    return new Answer(
        label,
        Optional.of(since.build()),
        Optional.empty(),
        wanted(explanations(label, plan, explainer), plan));
  }

  /// What leads to the target as it was built: itself; or where others alone imposed platforms on
  /// it, what was asked for then.
  private static List<TargetPattern> patterns(Label label, Histories.Place since, Plan before) {
    boolean imposed =
        actions(label.toString(), before).stream()
            .noneMatch(action -> before.output(before.firstOutput(action)).platform().isEmpty());
    if (!imposed) {
      return List.of(new TargetPattern.Single(label));
    }
    return Splitter.on(' ')
        .splitToStream(since.build().request())
        .filter(word -> word.startsWith("//") || word.startsWith("-//"))
        .map(word -> TargetPattern.parse(word, RelativePath.ROOT))
        .toList();
  }

  /// Its files, and whatever else its actions can make.
  private static WantedTarget choose(ConfiguredTarget target) {
    Set<Artifact> others = new LinkedHashSet<>();
    target.actions().forEach(action -> others.addAll(action.outputs()));
    return WantedTarget.of(
        target.label(),
        target.rule(),
        Map.of(
            WantedTarget.FILES,
            target.providers().defaultInfo().files(),
            "others",
            List.copyOf(others)));
  }

  /// Leaves out what only another command wants, and nobody has ever asked for.
  private static List<Explanation> wanted(List<Explanation> all, Plan plan) {
    Set<String> needed = new HashSet<>();
    for (int action : plan.actionsFor(plan.references(WantedTarget.FILES)).stream().toArray()) {
      needed.add(plan.name(action));
    }
    return all.stream()
        .filter(it -> needed.contains(it.output()) || !it.causes().equals(List.of(new Cause.New())))
        .toList();
  }

  private static List<Explanation> explanations(Label label, Plan plan, Explainer explainer)
      throws IOException {
    List<Explanation> explanations = new ArrayList<>();
    for (int action : actions(label.toString(), plan)) {
      explanations.add(explainer.explain(action));
    }
    return explanations;
  }

  /// The actions that a target declares. Where it declares none, those that make its files.
  private static List<Integer> actions(String label, Plan plan) {
    List<Integer> own = new ArrayList<>();
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.outputOwner(plan.firstOutput(action)).equals(label)) {
        own.add(action);
      }
    }
    if (!own.isEmpty()) {
      return own;
    }
    return plan.targets().stream()
        .filter(target -> target.label().equals(label))
        .flatMap(target -> Arrays.stream(target.references(WantedTarget.FILES)).boxed())
        .filter(Plan::isOutput)
        .map(reference -> plan.producer(Plan.number(reference)))
        .distinct()
        .toList();
  }

  private static List<String> flags(String before, String after) {
    return before.equals(after) ? List.of() : List.of(before + " became " + after);
  }

  /// The workspace as it is, as far as that can be told without running anything.
  private final class Now implements Moment {
    private final Plan plan;
    private final BuildState before;
    private final Stamps stamps = Stamps.now(session.workspace().root().getFileSystem());
    private final Map<String, Integer> oldSources;
    private final Map<String, Integer> oldOutputs = new HashMap<>();

    Now(Plan plan, BuildState before) {
      this.plan = plan;
      this.before = before;
      this.oldSources = before.plan().sourcesByPath();
      for (int output = 0; output < before.plan().outputCount(); output++) {
        oldOutputs.put(before.plan().outputPath(output), output);
      }
    }

    @Override
    public Plan plan() {
      return plan;
    }

    @Override
    public Optional<Content> content(int reference) throws IOException {
      int number = Plan.number(reference);
      if (Plan.isOutput(reference)) {
        // Asked for only when nothing that it is made of has changed.
        Integer old = oldOutputs.get(plan.outputPath(number));
        return old == null ? Optional.empty() : Optional.ofNullable(before.output(old));
      }
      return source(number);
    }

    private Optional<Content> source(int source) throws IOException {
      String path = plan.watchPath(source);
      Integer old = oldSources.get(path);
      if (old != null) {
        long stamp = stamps.of(session.workspace().root().resolve(path), before.stamp(old), true);
        if (stamp != Stamps.UNKNOWN && stamp == before.stamp(old)) {
          return Optional.ofNullable(before.source(old));
        }
      }
      return Optional.of(session.scheduler().sources().content(plan.source(source).path()));
    }
  }
}
