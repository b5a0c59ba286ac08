package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs again after a change, and what does not.
final class IncrementalTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  /// ```
  /// settings.conf -> :strip --\
  /// app/*.txt ---> :texts -----+--> :image
  /// lib/words ---> //lib -----/
  /// ```
  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("settings.conf", "# a comment\nport=80\n")
            .write("app/a.txt", "a\n")
            .write("app/b.txt", "b\n")
            .write("lib/words", "some\nwords\n")
            .write(
                "lib/BUILD",
                """
                genrule(name = "lib", srcs = ["words"], outs = ["sorted"], cmd = "sort $< > $@")
                """)
            .write(
                "BUILD",
                """
                genrule(
                    name = "strip",
                    srcs = ["settings.conf"],
                    outs = ["settings"],
                    cmd = "grep -v '^#' $< > $@",
                )
                files(name = "texts", sources = glob(["app/*.txt"]))
                oci_build_image(
                    name = "image",
                    base = "scratch",
                    packages = [":strip", ":texts", "//lib"],
                )
                """);
  }

  private List<String> ran() {
    return workspace.athanor("build", "//:image").succeeds().ran();
  }

  private static final List<String> IMAGE =
      List.of("add-layer //:image", "config //:image", "describe //:image", "layout //:image");

  private static List<String> imageAnd(String action) {
    List<String> all = new ArrayList<>(IMAGE);
    all.add(action);
    return all;
  }

  /// An action whose output did not change stops the wave.
  @Test
  void changeWithoutEffect_stopsAtTheFirstAction() {
    assertThat(ran()).hasSize(7);
    String before = workspace.image("//:image").digest();

    workspace.edit("settings.conf", "# a comment", "# another comment");

    assertThat(ran()).containsExactly("genrule //:strip");
    assertThat(workspace.image("//:image").digest()).isEqualTo(before);
  }

  @Test
  void changeWithEffect_goesOn() {
    ran();

    workspace.edit("settings.conf", "port=80", "port=81");

    assertThat(ran()).containsExactlyElementsIn(imageAnd("genrule //:strip"));
    assertThat(workspace.image("//:image").file(0, "settings")).isEqualTo("port=81\n");
  }

  @Test
  void touchedOrRewrittenFile_isNoChange() throws IOException {
    ran();

    Files.setLastModifiedTime(workspace.root.resolve("lib/words"), FileTime.fromMillis(0));
    workspace.write("app/a.txt", "a\n");

    assertThat(ran()).isEmpty();
  }

  /// Of the same length, within the same tick of the file system's clock.
  @Test
  void changedFile_isSeenHoweverFast() throws IOException {
    Path file = workspace.root.resolve("app/a.txt");
    FileTime then = Files.getLastModifiedTime(file);
    for (String text : List.of("1\n", "2\n", "3\n")) {
      workspace.write("app/a.txt", text);
      Files.setLastModifiedTime(file, then);

      assertThat(workspace.image("//:image").file(0, "app/a.txt")).isEqualTo(text);
    }
  }

  @Test
  void newAndDeletedFiles_areSeenByGlobs() throws IOException {
    ran();

    workspace.write("app/c.txt", "c\n");
    Files.delete(workspace.root.resolve("app/a.txt"));

    assertThat(ran()).containsExactlyElementsIn(IMAGE);
    assertThat(workspace.image("//:image").names(0))
        .containsExactly("app/", "app/b.txt", "app/c.txt", "lib/", "lib/sorted", "settings");
  }

  @Test
  void fileMadeExecutable_isAChange() {
    ran();

    workspace.program("app/a.txt", "a\n");

    assertThat(ran()).containsExactlyElementsIn(IMAGE);
    assertThat(workspace.image("//:image").entries(0)).contains("0755 0:0 0 app/a.txt");
  }

  @Test
  void commentInABuildFile_isNoChange() {
    ran();

    workspace.edit("lib/BUILD", "genrule(", "# Words.\ngenrule(");

    assertThat(ran()).isEmpty();
  }

  @Test
  void changedCommand_runsAgain_andStopsWhenItMakesTheSame() {
    ran();

    workspace.edit("lib/BUILD", "sort $<", "sort -u $<");

    assertThat(ran()).containsExactly("genrule //lib:lib");
  }

  @Test
  void removedTarget_leavesTheOutputFolder() {
    workspace.athanor("build", "//...").succeeds();
    workspace.edit("BUILD", "outs = [\"settings\"]", "outs = [\"settings/made\"]");

    workspace.athanor("build", "//...").succeeds();

    assertThat(workspace.read("athanor-out/settings/made")).isEqualTo("port=80\n");
    assertThat(workspace.image("//:image").names(0)).contains("settings/made");
  }

  @Test
  void failure_isNotRemembered_andWhatWasDoneIs() {
    workspace.edit("lib/BUILD", "sort $<", "exit 1; sort $<");
    workspace.athanor("build", "-k", "//:image").fails(ExitCode.BUILD_FAILED);
    workspace.edit("lib/BUILD", "exit 1; ", "");

    assertThat(ran()).containsExactlyElementsIn(imageAnd("genrule //lib:lib"));
  }

  @Test
  void undeclaredRead_fails() {
    workspace.edit("lib/BUILD", "sort $<", "cat lib/words app/a.txt");

    workspace
        .athanor("build", "//:image")
        .fails(ExitCode.BUILD_FAILED)
        .says("FAILED genrule //lib:lib", "app/a.txt: No such file or directory");

    workspace.edit("lib/BUILD", "cat lib/words app/a.txt", "cat " + workspace.root + "/app/a.txt");

    workspace.athanor("build", "//:image").fails(ExitCode.BUILD_FAILED).says("No such file");
  }

  @Test
  void command_hasNoNetwork_noClockOfFilesAndNobodysHome() {
    workspace.write(
        "lib/BUILD",
        """
        genrule(
            name = "lib",
            srcs = ["words"],
            outs = ["sorted"],
            cmd = "(tail -n +3 /proc/net/dev | cut -d: -f1; echo $$HOME $$USER; umask) > $@",
        )
        """);
    workspace.process("export USER=me; umask 077", "build", "//lib").succeeds();

    assertThat(workspace.read("athanor-out/lib/sorted").replace(" ", ""))
        .isEqualTo("lo\n/nonexistent\n0022\n");
  }

  @Test
  void inputs_cannotBeWrittenTo() {
    workspace.edit("lib/BUILD", "sort $<", "echo more >> $<; sort $<");

    workspace.athanor("build", "//lib").fails(ExitCode.BUILD_FAILED);

    assertThat(workspace.read("lib/words")).isEqualTo("some\nwords\n");
    workspace.isClean();
  }

  /// Somebody writes to what `build` shows; links into the store must not let that through.
  @Test
  void outputFolder_cannotDamageTheCache() throws IOException {
    ran();
    String digest = workspace.image("//:image").digest();
    for (String file : TestWorkspace.files(workspace.root.resolve("athanor-out"))) {
      Files.delete(workspace.root.resolve("athanor-out").resolve(file));
      workspace.write("athanor-out/" + file, "mine");
    }

    assertThat(ran()).isEmpty();

    assertThat(workspace.image("//:image").digest()).isEqualTo(digest);
    workspace.athanor("clean").succeeds();
    workspace.isClean();
  }

  @Test
  void otherWorkspace_onTheSameCache_runsNothing() {
    ran();
    TestWorkspace other = TestWorkspace.in(temp.resolve("elsewhere"));
    for (String file : TestWorkspace.files(workspace.root)) {
      if (!file.startsWith("athanor-out")) {
        other.write(file, workspace.read(file));
      }
    }

    CliResult result =
        other.athanor("build", "--cache-dir", workspace.cache.toString(), "--json", "//:image");

    assertThat(result.succeeds().executed()).isEqualTo(0);
    assertThat(result.digest("//:image")).isEqualTo(workspace.image("//:image").digest());
  }

  @Test
  void twoProcessesAtOnce_bothEndWell() throws IOException, InterruptedException {
    List<Process> processes =
        List.of(workspace.start("build", "//..."), workspace.start("build", "//..."));

    for (Process process : processes) {
      assertThat(process.waitFor()).isEqualTo(0);
    }

    assertThat(ran()).isEmpty();
    assertThat(TestWorkspace.files(workspace.cache.resolve("tmp"))).isEmpty();
  }
}
