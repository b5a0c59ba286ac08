package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `athanor watch` in a process of its own, while files change.
@Timeout(120)
final class WatchTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
  }

  private Watching start(String... words) throws IOException {
    return new Watching(workspace.talking(words));
  }

  /// A process that watches.
  private static final class Watching implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Watching(Process process) {
      this.process = process;
      lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// What is printed until it waits.
    String untilItWaits() throws IOException {
      List<String> said = new ArrayList<>();
      while (true) {
        String line = lines.readLine();
        if (line == null) {
          throw new AssertionError("it ended, and said " + said);
        }
        if (line.startsWith("watching ")) {
          return String.join("\n", said);
        }
        said.add(line);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void build_followsSources_buildFilesAndGlobs() throws IOException {
    workspace
        .write("app/a.txt", "a\n")
        .write(
            "app/BUILD",
            "genrule(name = 'all', srcs = glob(['*.txt']), outs = ['o'], cmd = 'cat $(SRCS) > $@')");
    try (Watching watching = start("watch", "build", "//app:all")) {
      assertThat(watching.untilItWaits()).contains("//app:all athanor-out/app/o");

      workspace.write("app/a.txt", "b\n");
      assertThat(watching.untilItWaits()).contains("changed: app/a.txt");
      assertThat(workspace.read("athanor-out/app/o")).isEqualTo("b\n");

      workspace.write("app/b.txt", "new\n");
      assertThat(watching.untilItWaits()).contains("changed: app/b.txt");
      assertThat(workspace.read("athanor-out/app/o")).isEqualTo("b\nnew\n");

      workspace.edit("app/BUILD", "cat $(SRCS)", "cat $(SRCS) $(SRCS)");
      assertThat(watching.untilItWaits()).contains("changed: app/BUILD");
      assertThat(workspace.read("athanor-out/app/o")).isEqualTo("b\nnew\nb\nnew\n");
    }
  }

  @Test
  void errors_areToldAndGotOver() throws IOException {
    workspace
        .write("lib.bzl", "X = 1\n")
        .write("BUILD", "load(':lib.bzl', 'X')\ntest(name = 't', cmd = 'exit %d' % X)\n");
    try (Watching watching = start("watch", "test", "//:t")) {
      assertThat(watching.untilItWaits()).contains("//:t  FAILED");

      workspace.write("lib.bzl", "X = = 1\n");
      assertThat(watching.untilItWaits()).contains("error: ");

      workspace.write("lib.bzl", "X = 0\n");
      assertThat(watching.untilItWaits()).contains("//:t  PASSED");
    }
  }

  @Test
  void workspaceThatIsWrongAtFirst_isWatchedToo() throws IOException {
    workspace.write("BUILD", "test(name = 't', cmd = 'true'\n");
    try (Watching watching = start("watch", "test", "//:t")) {
      assertThat(watching.untilItWaits()).contains("error: ");

      workspace.write("WORKSPACE", "nonsense(\n");
      assertThat(watching.untilItWaits()).contains("error: ");
      workspace.write("WORKSPACE", "");
      assertThat(watching.untilItWaits()).contains("error: ");

      workspace.write("BUILD", "test(name = 't', cmd = 'true')\n");
      assertThat(watching.untilItWaits()).contains("//:t  PASSED");
    }
  }

  @Test
  void signal_endsIt() throws Exception {
    workspace.write("BUILD", "filegroup(name = 'f')\n");
    try (Watching watching = start("watch", "build", "//:f")) {
      var _ = watching.untilItWaits();

      watching.process.destroy();

      assertThat(watching.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(watching.process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.number());
    }
  }

  @Test
  void nothingToWatch_isTold() {
    workspace.athanor("watch").fails(ExitCode.BAD_INPUT).says("watch needs a command");
    workspace.athanor("watch", "info").fails(ExitCode.BAD_INPUT).says("info looks at no files");
    assertThat(workspace.athanor("watch", "--help").succeeds().out()).contains("athanor watch");
    assertThat(workspace.athanor("help", "watch").succeeds().out()).contains("athanor watch");
    workspace
        .athanor("watch", "build", "--nonsense", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("build has no flag --nonsense");
  }
}
