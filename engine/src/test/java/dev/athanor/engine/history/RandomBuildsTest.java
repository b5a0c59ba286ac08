package dev.athanor.engine.history;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random graphs, changed at random, built over and over from what the last build left, compared
/// with what the actions say when each is simply evaluated.
@Timeout(120)
class RandomBuildsTest {
  private static final int ACTIONS = 14;
  private static final int SOURCES = 4;
  private static final int STEPS = 25;

  @TempDir Path folder;

  private final TestBuilds builds = new TestBuilds();
  private final ConcatType concat = new ConcatType();
  private final List<Step> steps = new ArrayList<>();
  private final TreeMap<String, String> sources = new TreeMap<>();
  private final TreeSet<String> wanted = new TreeSet<>();
  private Random random = new Random();

  /// An action: a prefix, and what is put behind it.
  private record Step(String name, String prefix, List<String> inputs) {}

  static List<Integer> seeds() {
    return IntStream.range(0, 40).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void build_afterRandomEdits_equalsEvaluation_andThenRunsNothing(int seed) throws Exception {
    random = new Random(seed);
    begin();
    Path file = folder.resolve("history");
    for (int round = 0; round < STEPS; round++) {
      edit();
      BuildResult result = build(file, round);
      String where = "seed " + seed + ", round " + round;
      int failed = 0;
      for (String name : wanted) {
        String expected = value(name);
        assertWithMessage("%s: %s", where, name)
            .that(builds.text(result, name))
            .isEqualTo(expected == null ? "absent" : expected);
        failed += expected == null ? 1 : 0;
      }
      assertWithMessage(where).that(result.summary().failed() > 0).isEqualTo(failed > 0);
      if (failed == 0) {
        concat.takeRuns();
        builds.cache.clear();
        build(file, round);
        assertWithMessage("%s, again", where).that(concat.takeRuns()).isEmpty();
      }
    }
  }

  private void begin() {
    for (int i = 0; i < SOURCES; i++) {
      setSource("s" + i);
    }
    for (int i = 0; i < ACTIONS; i++) {
      steps.add(step(i));
    }
    wanted.add("a" + (ACTIONS - 1));
  }

  private void setSource(String name) {
    String text = random.nextInt(12) == 0 ? "FAIL" : "" + random.nextInt(3);
    sources.put(name, text);
    builds.sources.put(name, text);
  }

  private Step step(int number) {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      int from = random.nextInt(SOURCES + number);
      inputs.add(from < SOURCES ? "s" + from : "a" + (from - SOURCES));
    }
    return new Step("a" + number, random.nextInt(3) == 0 ? "" : "p" + random.nextInt(2), inputs);
  }

  private void edit() {
    switch (random.nextInt(6)) {
      case 0 -> {
        int number = random.nextInt(ACTIONS);
        steps.set(number, step(number));
      }
      case 1 -> {
        wanted.add("a" + random.nextInt(ACTIONS));
        if (wanted.size() > 3) {
          wanted.pollFirst();
        }
      }
      case 2 -> lose(value("a" + random.nextInt(ACTIONS)));
      case 3 -> builds.cache.clear();
      default -> setSource("s" + random.nextInt(SOURCES));
    }
  }

  private void lose(@Nullable String text) {
    if (text != null) {
      builds.blobs.remove(Digester.digest(text.getBytes(UTF_8)));
    }
  }

  /// As a process does that finds the history of another one.
  private BuildResult build(Path file, int sequence) throws IOException, InterruptedException {
    Plan plan = builds.plan(actions(), wanted.toArray(String[]::new));
    try (History history = History.open(file, ActionTypes.of(List.of(concat)))) {
      BuildState state =
          history
              .last()
              .map(last ->
                  Arrays.equals(last.plan().bytes(), plan.bytes())
                      ? last
                      : BuildState.carriedOver(plan, last))
              .orElseGet(() -> BuildState.empty(plan));
      BuildResult result = whole(state);
      if (result.state().unchangedSince().isEmpty()) {
        history.save(
            new SavedBuild(BuildId.create(), sequence, "test", "", 0, 0, 0, 0, 0), result.state());
      }
      return result;
    }
  }

  /// What is wanted is read at the end, which is how lost blobs of the last actions are found.
  private BuildResult whole(BuildState state) throws IOException, InterruptedException {
    while (true) {
      BuildResult result = builds.build(state, true);
      try {
        for (String name : wanted) {
          builds.text(result, name);
        }
        return result;
      } catch (MissingBlobException e) {
        builds.scheduler(true).forgetLost(state);
      }
    }
  }

  private List<Action> actions() {
    List<Action> actions = new ArrayList<>();
    for (Step step : steps) {
      Artifact[] inputs = step.inputs.stream().map(this::artifact).toArray(Artifact[]::new);
      actions.add(concat.action(step.name, step.prefix, inputs));
    }
    return actions;
  }

  private Artifact artifact(String name) {
    return sources.containsKey(name)
        ? new Artifact.Source(RelativePath.of(name))
        : ConcatType.output(name);
  }

  /// What a source or an action holds; null where an action fails, or one that it needs.
  private @Nullable String value(String name) {
    String source = sources.get(name);
    if (source != null) {
      return source;
    }
    Step step = steps.get(Integer.parseInt(name.substring(1)));
    StringBuilder text = new StringBuilder(step.prefix);
    for (String input : step.inputs) {
      String value = value(input);
      if (value == null) {
        return null;
      }
      text.append(value);
    }
    return text.indexOf("FAIL") >= 0
        ? null
        : text.substring(0, Math.min(text.length(), ConcatType.MAX_LENGTH));
  }
}
