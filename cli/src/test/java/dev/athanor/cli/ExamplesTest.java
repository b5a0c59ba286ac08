package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of every example.
final class ExamplesTest {
  @TempDir Path temp;

  static List<String> examples() throws IOException {
    try (Stream<Path> folders = Files.list(TestWorkspace.CHECKOUT.resolve("examples"))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void built_thenAgain_runsNothing(String example) {
    TestWorkspace workspace = TestWorkspace.ofExample(example, temp);

    CliResult first = workspace.athanor("build", "//...", "--json").succeeds();
    CliResult second = workspace.athanor("build", "//...", "--json").succeeds();

    assertThat(first.executed()).isGreaterThan(0);
    assertThat(second.executed()).isEqualTo(0);
    assertThat(second.json().get("targets")).isEqualTo(first.json().get("targets"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void atTwoPaths_withTwoCaches_givesTheSameBytes(String example) {
    TestWorkspace here = TestWorkspace.ofExample(example, temp.resolve("here"));
    TestWorkspace there = TestWorkspace.ofExample(example, temp.resolve("there/much/deeper"));

    here.athanor("build", "//...").succeeds();
    there.athanor("build", "//...", "--jobs", "1").succeeds();

    assertThat(TestWorkspace.contents(there.root.resolve("athanor-out")))
        .isEqualTo(TestWorkspace.contents(here.root.resolve("athanor-out")));
  }

  /// Umask, time zone and locale belong to whoever builds, not to what is built.
  @ParameterizedTest
  @MethodSource("examples")
  void inOtherSurroundings_givesTheSameBytes(String example) {
    TestWorkspace plain = TestWorkspace.ofExample(example, temp.resolve("plain"));
    TestWorkspace odd = TestWorkspace.ofExample(example, temp.resolve("odd"));

    plain.process("umask 022; export LC_ALL=C.UTF-8 TZ=UTC", "build", "//...").succeeds();
    odd.process(
            "umask 077; chmod -R go-rwx .; export LC_ALL=tr_TR.UTF-8 TZ=Asia/Kathmandu USER=odd HOSTNAME=odd",
            "build",
            "//...")
        .succeeds();

    assertThat(TestWorkspace.contents(odd.root.resolve("athanor-out")))
        .isEqualTo(TestWorkspace.contents(plain.root.resolve("athanor-out")));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyAction_isDeterministic(String example) {
    TestWorkspace workspace = TestWorkspace.ofExample(example, temp);

    CliResult verified = workspace.athanor("verify", "//...").succeeds();

    assertThat(verified.out()).doesNotContain("not verified");
  }
}
