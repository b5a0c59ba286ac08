package dev.athanor.engine.starlark;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxError;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Limits;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// No file, however broken, ends in anything but a result or an error with a place, and soon.
final class FuzzTest {
  private static final Limits LIMITS = new Limits(20_000, 50, 2_000_000);
  private static final Duration SLOW = Duration.ofSeconds(10);

  /// More rounds find more: `-Dathanor.fuzz.rounds=1000000 -Dathanor.fuzz.seed=7`.
  private static final int ROUNDS = Integer.getInteger("athanor.fuzz.rounds", 6_000);

  private static final long SEED = Long.getLong("athanor.fuzz.seed", 1);

  @Test
  void randomPrograms_endWithAResultOrAnError() throws InterruptedException {
    RandomPrograms programs = new RandomPrograms(SEED, corpus());
    int finished = 0;
    int failed = 0;
    int refused = 0;

    for (int i = 0; i < ROUNDS; i++) {
      switch (run(programs.next())) {
        case FINISHED -> finished++;
        case FAILED -> failed++;
        case REFUSED -> refused++;
      }
    }

    // A fuzzer that only ever makes one kind of program finds nothing.
    assertThat(finished).isGreaterThan(ROUNDS / 100);
    assertThat(failed).isGreaterThan(ROUNDS / 100);
    assertThat(refused).isGreaterThan(ROUNDS / 100);
  }

  private enum End {
    FINISHED,
    FAILED,
    REFUSED
  }

  private static End run(String text) throws InterruptedException {
    long start = System.nanoTime();
    try {
      return execute(text);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("crashed on:\n" + text, e);
    } finally {
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertWithMessage("took %s:\n%s", taken, text).that(taken).isLessThan(SLOW);
    }
  }

  private static End execute(String text) throws InterruptedException {
    try {
      Program program =
          Program.compile(
              Source.of("fuzz.star", text), Dialect.SCRIPT, ScriptRunner.PREDECLARED.keySet());
      try (StarlarkThread thread =
          StarlarkThread.builder()
              .limits(LIMITS)
              .loader(ScriptRunner::load)
              .allowRecursion()
              .build()) {
        program.run(thread, ScriptRunner.PREDECLARED);
      }
      return End.FINISHED;
    } catch (SyntaxException e) {
      assertThat(e.errors()).isNotEmpty();
      for (SyntaxError error : e.errors()) {
        assertThat(error.format()).contains("fuzz.star:");
      }
      return End.REFUSED;
    } catch (EvalError e) {
      assertWithMessage(text).that(e.location()).isPresent();
      assertThat(e.format()).contains(e.message());
      return End.FAILED;
    }
  }

  private static List<String> corpus() {
    List<String> corpus = new ArrayList<>();
    for (String name : ChunkedScript.NAMES) {
      if (!name.equals("limits")) {
        ChunkedScript.read(name).chunks().forEach(chunk -> corpus.add(chunk.text().stripLeading()));
      }
    }
    return corpus;
  }
}
