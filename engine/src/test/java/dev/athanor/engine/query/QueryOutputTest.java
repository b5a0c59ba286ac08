package dev.athanor.engine.query;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.query.output.QueryOutput;
import dev.athanor.engine.testing.Golden;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One query in every output.
final class QueryOutputTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/athanor/engine/query/golden");

  @ParameterizedTest
  @EnumSource(QueryOutput.class)
  void output_isAsBefore(QueryOutput output) throws Exception {
    QueryResult result = new QueryWorkspace().run("deps(//:everything) - //tools/... + //loop:all");
    StringWriter out = new StringWriter();

    output.write(result, out);

    Golden.check(GOLDEN.resolve(output.name().toLowerCase(Locale.ROOT) + ".txt"), out.toString());
  }

  @Test
  void golden_belongsToAnOutput() throws Exception {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")).toList())
          .containsExactlyElementsIn(
              Stream.concat(
                      Arrays.stream(QueryOutput.values())
                          .map(output -> output.name().toLowerCase(Locale.ROOT)),
                      Stream.of("actions"))
                  .toList());
    }
  }
}
