package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import dev.athanor.engine.session.OutputFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `athanor why` answers, word for word but for builds and times.
final class WhyTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("app/lib.c", "lib\n")
            .write("app/main.c", "main\n")
            .write("app/flags.bzl", "FLAGS = '-O1'\n")
            .write(
                "app/BUILD",
                """
                load(":flags.bzl", "FLAGS")
                genrule(name = "lib", srcs = ["lib.c"], outs = ["lib.o"], cmd = "cat $< > $@")
                genrule(
                    name = "bin",
                    srcs = ["main.c", ":lib"],
                    outs = ["bin"],
                    cmd = "echo %s > $@; cat $(SRCS) >> $@" % FLAGS,
                    env = select({":opt": {"MODE": "opt"}, "//conditions:default": {"MODE": "dbg"}}),
                )
                config_setting(name = "opt", values = {"mode": "opt"})
                """);
    workspace.athanor("build", "//app:bin").succeeds();
  }

  private String why(String... flags) {
    String[] words = new String[flags.length + 2];
    words[0] = "why";
    words[1] = "//app:bin";
    System.arraycopy(flags, 0, words, 2, flags.length);
    return workspace
        .athanor(words)
        .succeeds()
        .out()
        .replaceAll("build [0-9a-f]{20} ", "build ID ")
        .replaceAll("[0-9]+ (second|minute)s? ago", "AGO");
  }

  @Test
  void nothingChanged() {
    workspace.athanor("build", "//app:bin").succeeds();

    assertThat(why())
        .isEqualTo(
            """
            //app:bin is what it was in build ID (build //app:bin, AGO): nothing to run
            """);
  }

  @Test
  void changedSource_endsTheTree_beforeTheBuildAndAfterIt() {
    workspace.write("app/lib.c", "other\n");

    assertThat(why())
        .isEqualTo(
            """
            //app:bin as it is now, compared with build ID (build //app:bin, AGO):
              genrule //app:bin is out of date:
                input out/app/lib.o may change
                  made by genrule //app:lib is out of date:
                    source app/lib.c changed
            """);

    workspace.athanor("build", "//app:bin").succeeds();

    assertThat(why())
        .isEqualTo(
            """
            //app:bin in build ID (build //app:bin, AGO), compared with build ID (build //app:bin, AGO):
              genrule //app:bin ran:
                input out/app/lib.o changed
                  made by genrule //app:lib ran:
                    source app/lib.c changed
            """);
  }

  @Test
  void changedRule_endsInTheFileThatSaysSo() {
    workspace.write("app/flags.bzl", "FLAGS = '-O2'\n");

    assertThat(why())
        .isEqualTo(
            """
            //app:bin as it is now, compared with build ID (build //app:bin, AGO):
              genrule //app:bin is out of date:
                argument 2 changed
                  from echo -O1 > out/app/bin; cat app/main.c out/app/lib.o >> out/app/bin
                  to   echo -O2 > out/app/bin; cat app/main.c out/app/lib.o >> out/app/bin
                because app/flags.bzl changed
            """);
  }

  @Test
  void changedFlag_isNamed() {
    workspace.athanor("build", "//app:bin", "-D", "mode=opt").succeeds();

    String answer = why("-D", "mode=opt");

    assertThat(answer).contains("  from dbg\n");
    assertThat(answer).contains("  to   opt\n");
    assertThat(answer).contains("because of flags: ");
    assertThat(answer).contains("mode=opt");
  }

  @Test
  void cacheMiss_isToldFromAChange() throws IOException {
    workspace.athanor("clean").succeeds();
    OutputFolder.delete(workspace.cache.resolve("ac"));
    OutputFolder.delete(workspace.cache.resolve("cas"));
    assertThat(workspace.athanor("build", "//app:bin").succeeds().ran()).hasSize(2);

    assertThat(why()).contains("its key is the same, but its result was not in the cache any more");
  }

  @Test
  void failure_isTold() {
    workspace.edit("app/BUILD", "cat $< > $@", "exit 1");
    workspace.athanor("build", "//app:bin").fails(ExitCode.BUILD_FAILED);

    assertThat(why()).contains("genrule //app:bin failed, or was not brought to its end");
  }

  @Test
  void json_hasTheSameTree() {
    workspace.write("app/lib.c", "other\n");

    JsonObject json = workspace.athanor("why", "//app:bin", "--json").succeeds().json();

    assertThat(json.toString()).contains("app/lib.c");
    assertThat(json.toString()).contains("genrule //app:lib");
  }

  @Test
  void savedBuilds_areListedAndCompared() {
    workspace.write("app/main.c", "second\n");
    workspace.athanor("build", "//app:bin").succeeds();
    workspace.write("app/lib.c", "third\n");
    workspace.athanor("build", "//app:bin").succeeds();

    List<String> builds = workspace.athanor("why").succeeds().out().lines().toList();
    assertThat(builds).hasSize(3);
    String first = builds.get(2).substring(0, 20);
    String second = builds.get(1).substring(0, 20);

    assertThat(why("--since", first, "--until", second)).contains("source app/main.c changed");
    assertThat(why("--since", first, "--until", second)).doesNotContain("lib.c");
    assertThat(why("--since", second)).contains("source app/lib.c changed");
    workspace.athanor("why", "//app:bin", "--since", "ffff").fails(ExitCode.BAD_INPUT).says("ffff");
  }

  @Test
  void nothingBuilt_isAnError() {
    workspace.athanor("why", "//app:lib").succeeds();
    workspace.athanor("why", "//...").fails(ExitCode.BAD_INPUT).says("why explains one target");
  }
}
