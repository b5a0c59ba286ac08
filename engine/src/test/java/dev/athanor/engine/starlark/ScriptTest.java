package dev.athanor.engine.starlark;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.starlark.ChunkedScript.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs the chunked scripts: both an unexpected error and an unmet expectation fail.
final class ScriptTest {
  static List<String> names() {
    return ChunkedScript.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void script_behavesAsItSays(String name) {
    List<String> problems = problems(ChunkedScript.read(name));

    assertWithMessage(String.join("\n", problems)).that(problems).isEmpty();
  }

  @Test
  void harness_reportsUnexpectedErrors() {
    List<String> problems = problems(ChunkedScript.parse("x", "pass\n---\n\nassert_eq(1, 2)\n"));

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst()).contains("x.star:4");
  }

  @Test
  void harness_reportsUnmetExpectations() {
    List<String> problems =
        problems(
            ChunkedScript.parse(
                "x", "y = 1 ### never\n---\nz = 1 // 0 ### another\n---\na = 1 // 0 ### by zero"));

    assertThat(problems).hasSize(3);
    assertThat(problems.get(0)).contains("x.star:1: no error matches never");
    assertThat(problems.get(1)).contains("division by zero");
    assertThat(problems.get(2)).contains("x.star:3: no error matches another");
  }

  private static List<String> problems(ChunkedScript script) {
    List<String> problems = new ArrayList<>();
    for (Chunk chunk : script.chunks()) {
      Map<Integer, Pattern> expected = new TreeMap<>(chunk.expected());
      for (ScriptRunner.Failure failure : ScriptRunner.run(script.name() + ".star", chunk.text())) {
        Pattern pattern = expected.get(failure.line());
        if (pattern != null && pattern.matcher(failure.message()).find()) {
          expected.remove(failure.line());
        } else {
          problems.add("unexpected: " + failure.detail());
        }
      }
      expected.forEach((line, pattern) ->
          problems.add(
              script.name() + ".star:" + line + ": no error matches " + pattern.pattern()));
    }
    return problems;
  }
}
