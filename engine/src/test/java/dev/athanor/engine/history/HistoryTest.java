package dev.athanor.engine.history;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is known of a plan's actions, from one process to the next.
final class HistoryTest {
  private static final Digest KEY = Digester.digest("key".getBytes(UTF_8));
  private static final Content MADE =
      new Content.File(Digester.digest("made".getBytes(UTF_8)), false);

  private final Path file = Jimfs.newFileSystem(Configuration.unix()).getPath("/work/history");
  private final ConcatType concat = new ConcatType();
  private final TestBuilds builds = new TestBuilds();

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(file.getParent());
  }

  private BuildState fresh() {
    return BuildState.empty(
        builds.plan(List.of(concat.action("a", "1"), concat.action("b", "2")), "a", "b"));
  }

  private History open() throws IOException {
    return History.open(file, ActionTypes.of(List.of(concat)));
  }

  private void save(BuildState state) throws IOException {
    try (History history = open()) {
      history.save(
          new SavedBuild(BuildId.create(), state.sequence(), "test", "", 0, 0, 0, 0, 0), state);
    }
  }

  private BuildState load() throws IOException {
    try (History history = open()) {
      BuildState state = history.last().orElseThrow();
      // What is read on demand could not be read once the history is closed.
      var _ = state.millis(0);
      return state;
    }
  }

  @Test
  void whole_isAsItWas() throws IOException {
    BuildState state = fresh();
    state.setResult(1, KEY, List.of(MADE));
    state.setRun(1, 250, 300);
    state.setShown(1, 77);
    int sequence = state.sequence();
    save(state);

    BuildState again = load();

    assertThat(again.key(1)).isEqualTo(KEY);
    assertThat(again.output(1)).isEqualTo(MADE);
    assertThat(again.isValid(1)).isTrue();
    assertThat(again.millis(1)).isEqualTo(250);
    assertThat(again.mebibytes(1)).isEqualTo(300);
    assertThat(again.ranIn(1)).isEqualTo(sequence);
    assertThat(again.shown(1)).isEqualTo(77);
    assertThat(again.key(0)).isNull();
    assertThat(again.mebibytes(0)).isEqualTo(0);
  }

  @Test
  void changes_areAppliedToWhatWasThere() throws IOException {
    BuildState state = fresh();
    state.setResult(0, KEY, List.of(MADE));
    state.setRun(0, 10, 20);
    save(state);
    BuildState second = load();
    second.setResult(1, KEY, List.of(MADE));
    second.setRun(1, 30, 40);
    second.forget(0);
    save(second);

    BuildState again = load();

    assertThat(List.of(again.millis(0), again.mebibytes(0))).containsExactly(10, 20).inOrder();
    assertThat(List.of(again.millis(1), again.mebibytes(1))).containsExactly(30, 40).inOrder();
    assertThat(again.key(0)).isNull();
    assertThat(again.isValid(0)).isFalse();
    assertThat(again.isValid(1)).isTrue();
  }

  @Test
  void otherPlan_takesOverWhatHasTheSameName() throws IOException {
    BuildState state = fresh();
    state.setResult(1, KEY, List.of(MADE));
    state.setRun(1, 250, 300);

    BuildState other =
        BuildState.carriedOver(
            builds.plan(List.of(concat.action("b", "changed"), concat.action("c", "3")), "b", "c"),
            state);

    int b =
        Objects.requireNonNull(
            other.plan().actionsByName().get(ConcatType.output("b").path().text()));
    assertThat(other.key(b)).isEqualTo(KEY);
    assertThat(other.output(other.plan().firstOutput(b))).isEqualTo(MADE);
    assertThat(other.mebibytes(b)).isEqualTo(300);
    // It may be another action of the same name.
    assertThat(other.isValid(b)).isFalse();
    assertThat(other.allValid()).isFalse();
  }

  @Test
  void collectedWhileItWasOpen_isNoError() throws IOException {
    save(fresh());
    try (History history = open()) {
      Files.delete(file);

      history.touch();

      assertThat(Files.exists(file)).isFalse();
    }
    assertThat(open().last()).isEqualTo(Optional.empty());
  }
}
