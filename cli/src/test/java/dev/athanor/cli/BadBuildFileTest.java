package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with a BUILD file is told with file, line and what to do, and nothing is built.
final class BadBuildFileTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
  }

  @AfterEach
  void nothingIsLeft() {
    workspace.isClean();
  }

  private CliResult build(String text) {
    return workspace.write("app/BUILD", text).athanor("build", "//...").fails(ExitCode.BAD_INPUT);
  }

  @Test
  void unknownLabel() {
    build(
            """
            filegroup(name = "server", srcs = [":lib"])
            filegroup(name = "libs", srcs = [])
            """)
        .says(
            "no such target or file: //app:lib",
            "//app:server at app/BUILD:1:1",
            "did you mean //app:libs?");
  }

  @Test
  void unknownPackage() {
    workspace.write("library/BUILD", "");

    build("filegroup(name = 'a', srcs = ['//libary:x'])")
        .says("no such package: //libary", "//app:a at app/BUILD:1:1", "did you mean //library?");
  }

  @Test
  void missingSourceFile() {
    workspace.write("app/src/greeting.sh", "");

    build("files(name = 'a', sources = ['src/greting.sh'])")
        .says(
            "no such target or file: //app:src/greting.sh",
            "app/BUILD:1:1",
            "did you mean //app:src/greeting.sh?");
  }

  @Test
  void cycle() {
    build(
            """
            filegroup(name = "a", srcs = [":b"])
            filegroup(name = "b", srcs = [":c"])
            filegroup(name = "c", srcs = [":a"])
            """)
        .says(
            "app/BUILD:",
            "dependency cycle:",
            "    //app:a\n",
            "    //app:b\n",
            "    //app:c\n",
            "remove one");
  }

  @Test
  void cycleOfLoads() {
    workspace.write("app/a.bzl", "load(':b.bzl', 'x')");
    workspace.write("app/b.bzl", "load(':a.bzl', 'x')");

    build("load(':a.bzl', 'x')").says(".bzl:1:", "dependency cycle:", "//app:a.bzl", "//app:b.bzl");
  }

  @Test
  void duplicateTarget() {
    build(
            """
            filegroup(name = "a")

            genrule(name = "a", outs = ["x"], cmd = "")
            """)
        .says("app/BUILD:3:1: two targets are named 'a': the other one is at app/BUILD:1:1");
  }

  @Test
  void duplicateOutput() {
    build(
            """
            genrule(name = "a", outs = ["x"], cmd = "")
            genrule(name = "b", outs = ["x"], cmd = "")
            """)
        .says("app/BUILD:2:1: two targets make 'x': the other one is //app:a at app/BUILD:1:1");
  }

  @Test
  void tab() {
    build("filegroup(\n    name = 'a',\n)\n\tx = 1\n")
        .says("app/BUILD:4:1: tabs are not allowed in indentation, use spaces");
  }

  @Test
  void wrongIndentation() {
    build("x = 1\n  y = 2\n").says("app/BUILD:2:3: unexpected indentation", "      y = 2\n      ^");
  }

  @Test
  void syntaxErrors_areAllTold() {
    build("x = 1 +\nfilegroup(name = 'a'))\n")
        .says("app/BUILD:1:8: expected an expression", "app/BUILD:2:");
  }

  @Test
  void notUtf8() throws IOException {
    workspace.write("app/BUILD", "");
    Files.write(workspace.root.resolve("app/BUILD"), new byte[] {'#', (byte) 0xff});

    workspace
        .athanor("build", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("app/BUILD: not UTF-8", "save the file as UTF-8");
  }

  @Test
  void unknownRule() {
    build("\noci_buld_image(name = 'a', base = 'scratch')")
        .says(
            "app/BUILD:2:1: name 'oci_buld_image' is not defined (did you mean 'oci_build_image'?)");
  }

  @Test
  void unknownArgument() {
    build("filegroup(name = 'a', src = [])")
        .says("app/BUILD:1:1: filegroup has no argument 'src' (did you mean 'srcs'?)");
  }

  @Test
  void missingArgument() {
    build("oci_build_image(name = 'a')")
        .says("app/BUILD:1:1: oci_build_image needs the argument 'base'");
  }

  @Test
  void wrongType() {
    build("oci_build_image(name = 'a', base = 'scratch', packages = ':x')")
        .says(
            "app/BUILD:1:1: oci_build_image: the argument 'packages' must be a list of labels, not a string");
  }

  @Test
  void wrongName() {
    build("filegroup(name = 'a:b')").says("app/BUILD:1:1: invalid target name 'a:b'");
  }

  @Test
  void outputOutsideOfThePackage() {
    build("genrule(name = 'a', outs = ['../x'], cmd = '')")
        .says(
            "app/BUILD:1:1: genrule: the argument 'outs' names files below the package", "'../x'");
    build("genrule(name = 'a', outs = [''], cmd = '')").says("app/BUILD:1:1", "'outs'");
  }

  @Test
  void sourceOutsideOfThePackage() {
    build("files(name = 'a', sources = ['../x'])")
        .says("app/BUILD:1:1", "'../x'", "labels look like");
    build("files(name = 'a', sources = ['/etc/passwd'])").says("app/BUILD:1:1", "'/etc/passwd'");
  }

  @Test
  void globWithoutMatch() {
    build("files(name = 'a', sources = glob(['*.nope']))")
        .says("app/BUILD:1:29: glob()", "allow_empty=True");
  }

  @Test
  void missingModule() {
    build("\nload(':nope.bzl', 'x')")
        .says("app/BUILD:2:6: cannot load //app:nope.bzl: no such file");
  }

  @Test
  void failureInAModule_hasTheWholeStack() {
    workspace.write("app/a.bzl", "def image():\n    fail('not today')\n");

    build("load(':a.bzl', 'image')\n\nimage()\n")
        .says(
            "app/a.bzl:2:5: not today",
            "at image (app/a.bzl:2:5)",
            "at <toplevel> (app/BUILD:3:1)");
  }

  @Test
  void errorsOfSeveralTargets_areAllTold() {
    build("filegroup(name = 'a', src = [])\nfilegroup(name = 'b', scrs = [])\n")
        .says(
            "app/BUILD:1:1: filegroup has no argument 'src'",
            "app/BUILD:2:1: filegroup has no argument 'scrs'");
  }

  /// Nobody is punished for the neighbour's mistake.
  @Test
  void brokenPackage_doesNotDisturbOthers() {
    workspace.write("app/BUILD", "oops(");
    workspace.write("good/BUILD", "filegroup(name = 'good')");

    workspace.athanor("build", "//good").succeeds();
  }

  @Test
  void noWorkspace() throws IOException {
    Files.delete(workspace.root.resolve("WORKSPACE"));

    for (String command : new String[] {"build", "run", "publish"}) {
      workspace
          .athanor(command, "//:x")
          .fails(ExitCode.BAD_INPUT)
          .says("no workspace", "create an empty file named WORKSPACE");
    }
    assertThat(workspace.athanor("info").fails(ExitCode.BAD_INPUT).out()).isEmpty();
  }
}
