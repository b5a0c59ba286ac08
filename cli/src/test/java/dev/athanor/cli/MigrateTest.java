package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/migrate`, and trees that are worse.
final class MigrateTest {
  @TempDir Path temp;
  private TestWorkspace tree;

  @BeforeEach
  void copy() {
    tree = TestWorkspace.ofExample("migrate", temp);
  }

  @Test
  void withoutWrite_nothingIsWritten() {
    Map<String, String> before = TestWorkspace.contents(tree.root);

    CliResult told = tree.athanor("migrate").succeeds();

    assertThat(TestWorkspace.contents(tree.root)).isEqualTo(before);
    assertThat(told.out()).contains("--- app/BUILD\n+++ app/BUILD.athanor\n@@ ");
    assertThat(told.out()).contains("-file(name=\"config\", source=\"conf/app.conf\")\n+files(");
    assertThat(told.out()).contains("for you  app/BUILD:19: pex_binary //app:report:");
    assertThat(told.out()).contains("nothing is written without --write");
  }

  @Test
  void written_isBuilt_andPantsFilesAreWhatTheyWere() {
    Map<String, String> before = TestWorkspace.contents(tree.root);

    tree.athanor("migrate", "--write").succeeds();

    Map<String, String> after = new TreeMap<>(TestWorkspace.contents(tree.root));
    assertThat(after.keySet())
        .containsAtLeast("BUILD.athanor", "WORKSPACE", "app/BUILD.athanor", "docs/BUILD.athanor");
    after.keySet().removeIf(file -> file.endsWith(".athanor") || file.equals("WORKSPACE"));
    assertThat(after).isEqualTo(before);
    tree.athanor("build", "//...").succeeds();
    BuiltImage image = tree.image("//app:image");
    assertThat(image.names(0))
        .containsExactly(
            "app/",
            "app/bundle.tar.gz",
            "app/conf/",
            "app/conf/app.conf",
            "app/serve.sh",
            "app/version.txt");
    assertThat(image.words("Entrypoint")).containsExactly("/app/serve.sh");
    assertThat(tree.read("athanor-out/app/version.txt")).isEqualTo("1.4.2\n");
    assertThat(Programs.shell(tree.root, "tar -tzf athanor-out/app/bundle.tar.gz"))
        .isEqualTo("docs/guide.txt\napp/conf/app.conf\n");
    tree.athanor("verify", "//...").succeeds();
  }

  @Test
  void again_doesNothing_andKeepsWhatSomebodyWrote() {
    tree.athanor("migrate", "--write").succeeds();
    Map<String, String> before = TestWorkspace.contents(tree.root);

    assertThat(tree.athanor("migrate", "--write").succeeds().out())
        .contains("app/BUILD.athanor is there\n");
    assertThat(TestWorkspace.contents(tree.root)).isEqualTo(before);

    tree.write("app/BUILD.athanor", "# Mine.\n");
    assertThat(tree.athanor("migrate", "--write").succeeds().out())
        .contains("app/BUILD.athanor is there and says something else: it is kept");
    assertThat(tree.read("app/BUILD.athanor")).isEqualTo("# Mine.\n");
  }

  @Test
  void fileThatCannotBeRead_isLeftAlone_andTheOthersAreNot() {
    tree.write("odd/BUILD", "x = 1\nfile(name = f\"{x}\")\n");

    CliResult told = tree.athanor("migrate", "--write").fails(ExitCode.BUILD_FAILED);

    assertThat(told.out()).contains("odd/BUILD is left alone\n  for you  odd/BUILD:2: ");
    assertThat(Files.exists(tree.root.resolve("odd/BUILD.athanor"))).isFalse();
    assertThat(Files.exists(tree.root.resolve("app/BUILD.athanor"))).isTrue();
  }

  @Test
  void fileThatIsNotUtf8_isLeftAlone_andNamed() throws IOException {
    byte[] latin = "# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    tree.write("odd/BUILD", "");
    Files.write(tree.root.resolve("odd/BUILD"), latin);
    Files.write(tree.root.resolve("pants.toml"), latin);
    tree.write("app/BUILD.athanor", "");
    Files.write(tree.root.resolve("app/BUILD.athanor"), latin);

    CliResult told = tree.athanor("migrate", "--write").fails(ExitCode.BUILD_FAILED);

    assertThat(told.out()).contains("odd/BUILD is left alone\n  for you  odd/BUILD: it cannot");
    assertThat(told.out()).contains("pants.toml is left alone\n");
    assertThat(told.out()).contains("app/BUILD.athanor is there and says something else");
    assertThat(Files.exists(tree.root.resolve("docs/BUILD.athanor"))).isTrue();
  }

  @Test
  void whatIsNotGoneInto_isTold() {
    tree.write("dist/BUILD", "file()\n");
    tree.write("app/dist/BUILD", "python_sources()\n");
    tree.write("app/BUILD.dev", "python_sources()\n");
    tree.write("other/WORKSPACE", "");
    tree.write("other/BUILD", "python_sources()\n");

    CliResult told = tree.athanor("migrate", "--write").fails(ExitCode.BUILD_FAILED);

    assertThat(told.out()).contains("app/dist/BUILD.athanor is written");
    assertThat(told.out()).contains("app/BUILD.dev is left alone\n  for you  app/BUILD.dev: ");
    assertThat(told.out()).contains("other is left alone\n  for you  other: a workspace");
    assertThat(told.out()).doesNotContain("\ndist/BUILD");
    assertThat(Files.exists(tree.root.resolve("other/BUILD.athanor"))).isFalse();
  }

  @Test
  void rootWithBuildPants_getsOneFile_withTheEmptyImage() {
    tree.write("other/pants.toml", "[oci]\nempty_image_target = \"scratch\"\n");
    tree.write("other/BUILD.pants", "python_sources(name = \"lib\")\n");

    CliResult told = tree.athanor("migrate", "--write", "other").succeeds();

    assertThat(told.out()).doesNotContain("says something else");
    assertThat(tree.read("other/BUILD.athanor")).startsWith("files(name = \"lib\"");
    assertThat(tree.read("other/BUILD.athanor")).contains("oci_image_empty(name = \"scratch\")");
  }

  @Test
  void fileThatWillDo_staysAlone() {
    tree.write("good/BUILD", "oci_image_empty(name = 'good')\n");

    CliResult told = tree.athanor("migrate", "--write").succeeds();

    assertThat(told.out()).contains("good/BUILD stays as it is\n");
    assertThat(Files.exists(tree.root.resolve("good/BUILD.athanor"))).isFalse();
  }

  @Test
  void json_hasTheNotes() {
    JsonObject json = tree.athanor("migrate", "--json").succeeds().json();

    assertThat(json.toString()).contains("\"target\":\"app/BUILD.athanor\",\"kept\":false");
    assertThat(json.toString()).contains("\"forYou\":true,\"what\":\"pex_binary //app:report:");
  }

  @Test
  void nothingToDo_isAnError() throws IOException {
    Files.createDirectories(tree.root.resolve("empty"));

    tree.athanor("migrate", "empty").fails(ExitCode.BAD_INPUT).says("nothing to migrate", "hint:");
    tree.athanor("migrate", "nowhere").fails(ExitCode.BAD_INPUT).says("no such directory");
    tree.athanor("migrate", "a", "b").fails(ExitCode.BAD_INPUT).says("one directory");
  }
}
