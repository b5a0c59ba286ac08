package dev.athanor.engine.tree;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RootedPathTest {
  private static final Map<String, String> LINKS =
      Map.of(
          "bin", "usr/bin",
          "usr/bin/sh", "/bin/dash",
          "etc/up", "../../../usr",
          "loop", "./loop");

  private static Optional<List<String>> resolve(String path) throws IOException {
    return RootedPath.resolve(
        path, names -> Optional.ofNullable(LINKS.get(String.join("/", names))));
  }

  @ParameterizedTest
  @CsvSource({
    "/bin/sh, usr/bin/dash",
    "usr//bin/./sh, usr/bin/dash",
    "/etc/up/lib, usr/lib",
    "../../etc/../bin, usr/bin",
    "/nowhere/at/all, nowhere/at/all",
  })
  void path_leadsNowhereButToItsRoot(String path, String expected) throws IOException {
    assertThat(String.join("/", resolve(path).orElseThrow())).isEqualTo(expected);
  }

  @Test
  void circle_isFoundOut() throws IOException {
    assertThat(resolve("/loop/x").isEmpty()).isTrue();
  }
}
