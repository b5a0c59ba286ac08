package dev.athanor.engine.query;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Asks what the scripts ask, and compares the answers.
final class QueryScriptTest {
  static List<String> names() {
    return QueryScript.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void query_isAnsweredAsTheScriptSays(String name) throws InterruptedException {
    QueryWorkspace workspace = new QueryWorkspace();
    if (name.equals("broken")) {
      workspace.lay("broken.txt");
    }
    for (QueryScript.Case asked : QueryScript.read(name).cases()) {
      assertWithMessage("%s.query:%s: %s", name, asked.line(), asked.query())
          .that(asked.run(workspace))
          .isEqualTo(asked.expected());
    }
  }

  @Test
  void everyFunction_isAskedInSomeScript() {
    String all =
        names().stream()
            .map(n -> QueryWorkspace.text("scripts/" + n + ".query"))
            .collect(Collectors.joining());

    Set<QueryFunction> asked = EnumSet.allOf(QueryFunction.class);
    asked.removeIf(function -> !all.contains(function.spelled() + "("));

    assertThat(asked).isEqualTo(EnumSet.allOf(QueryFunction.class));
  }
}
