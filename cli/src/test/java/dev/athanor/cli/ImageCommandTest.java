package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.layout.ArchiveReader;
import dev.athanor.oci.model.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageCommandTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .program("bin/run.sh", "#!/bin/sh\necho hello\n")
            .write("etc/app.conf", "answer = 42\n")
            .write(
                "BUILD",
                """
                files(name = "tree", sources = ["bin/run.sh", "etc/app.conf"])
                oci_build_image(
                    name = "one",
                    base = "scratch",
                    packages = [":tree"],
                    entrypoint = ["/bin/run.sh"],
                    env = ["A=b"],
                    labels = {"team": "us"},
                    user = "1000:1000",
                )
                files(name = "more", sources = ["etc/more.conf"])
                oci_build_image(name = "two", base = ":one", packages = [":more"])
                """)
            .write("etc/more.conf", "more\n");
  }

  private String out(String... words) {
    return workspace.athanor(words).succeeds().out();
  }

  @Test
  void inspect_tellsOfTheConfig() {
    String text = out("image", "inspect", "//:one");

    assertThat(text).contains("//:one\n  digest      sha256:");
    assertThat(text).contains("  entrypoint  /bin/run.sh\n");
    assertThat(text).contains("  user        1000:1000\n");
    assertThat(text).contains("  env         A=b\n");
    assertThat(text).contains("  label       team=us\n");
    assertThat(text).contains("  1 layer, ");
    JsonObject json = workspace.athanor("image", "inspect", "//:one", "--json").succeeds().json();
    assertThat(json.getAsJsonObject("config").getAsJsonObject("config").get("User").getAsString())
        .isEqualTo("1000:1000");
    assertThat(text).contains(json.get("digest").getAsString());
  }

  @Test
  void ls_listsFilesAndLayers() {
    assertThat(out("image", "ls", "//:two").lines().filter(line -> line.startsWith("-")).toList())
        .containsExactly(
            "-rwxr-xr-x       0:0          21 /bin/run.sh",
            "-rw-r--r--       0:0          12 /etc/app.conf",
            "-rw-r--r--       0:0           5 /etc/more.conf")
        .inOrder();

    List<String> layers = out("image", "ls", "--layers", "//:two").lines().toList();
    assertThat(layers.stream().filter(line -> line.startsWith("sha256:")).count()).isEqualTo(2);
    assertThat(layers.getLast()).endsWith("/etc/more.conf");
    assertThat(
            workspace
                .athanor("image", "ls", "--layers", "--json", "//:two")
                .succeeds()
                .json()
                .getAsJsonArray("layers"))
        .hasSize(2);
  }

  @Test
  void cat_printsAFile_andSaysWhatIsNone() {
    assertThat(out("image", "cat", "//:one", "/etc/app.conf")).isEqualTo("answer = 42\n");
    assertThat(out("image", "cat", "//:one", "etc/../bin/run.sh")).contains("echo hello");
    workspace
        .athanor("image", "cat", "//:one", "/etc/none")
        .fails(ExitCode.BAD_INPUT)
        .says("no /etc/none");
    workspace
        .athanor("image", "cat", "//:one", "/etc")
        .fails(ExitCode.BAD_INPUT)
        .says("/etc is no file");
  }

  @Test
  void diff_tellsWhatCameAndWentAndChanged() {
    workspace.write(
        "BUILD",
        workspace.read("BUILD")
            + """

            files(name = "other_tree", sources = ["etc/more.conf"])
            oci_build_image(name = "three", base = "scratch", packages = [":other_tree", "bin/run.sh"])
            """);

    assertThat(out("image", "diff", "//:one", "//:two")).isEqualTo("+ /etc/more.conf\n");
    assertThat(out("image", "diff", "//:one", "//:one")).isEmpty();
    assertThat(out("image", "diff", "//:two", "//:three")).isEqualTo("- /etc/app.conf\n");

    JsonObject json =
        workspace.athanor("image", "diff", "//:three", "//:one", "--json").succeeds().json();
    assertThat(json.getAsJsonArray("changes").toString())
        .isEqualTo(
            "[{\"path\":\"/etc/app.conf\",\"change\":\"added\"},{\"path\":\"/etc/more.conf\",\"change\":\"removed\"}]");
  }

  @Test
  void diff_tellsWhatDiffersInFiles_whenAsked() {
    out("image", "export", "//:one", "one.tar");
    workspace.write("etc/app.conf", "answer = 43\nquestion = ?\n");

    assertThat(out("image", "diff", "one.tar", "//:one"))
        .isEqualTo("~ /etc/app.conf  content, 12 → 25 bytes\n");
    assertThat(out("image", "diff", "one.tar", "//:one", "--contents"))
        .isEqualTo(
            """
            ~ /etc/app.conf  content, 12 → 25 bytes
                line 1:
                  - answer = 42
                  + answer = 43
                  + question = ?
            """);
    JsonObject json =
        workspace
            .athanor("image", "diff", "one.tar", "//:one", "--contents", "--json")
            .succeeds()
            .json();
    assertThat(json.getAsJsonArray("changes").toString())
        .isEqualTo(
            "[{\"path\":\"/etc/app.conf\",\"change\":\"changed\",\"what\":\"content, 12 → 25 bytes\","
                + "\"contents\":[{\"where\":[\"line 1\"],\"aspect\":\"text\","
                + "\"before\":\"answer = 42\",\"after\":\"answer = 43\\nquestion = ?\"}]}]");
  }

  @Test
  void diff_tellsWhatIsDifferent() throws IOException {
    Path busybox = Path.of("/bin/busybox");
    assumeTrue(
        Files.exists(busybox) || System.getenv("ATHANOR_REQUIRE_PEERS") != null,
        "busybox is not installed");
    for (String tool : List.of("bin/sh", "bin/chmod")) {
      workspace.program(tool, "");
      Files.write(workspace.root.resolve(tool), Files.readAllBytes(busybox));
    }
    workspace.write(
        "BUILD",
        workspace.read("BUILD")
            + """

            oci_build_image(name = "shell", base = ":one", packages = ["bin/sh", "bin/chmod"])
            oci_build_image(
                name = "stepped",
                base = ":shell",
                commands = ["echo more >> /etc/app.conf && chmod 600 /etc/app.conf"],
            )
            """);

    assertThat(out("image", "diff", "//:shell", "//:stepped"))
        .isEqualTo("~ /etc/app.conf  content, 12 → 17 bytes, mode 644 → 600\n");
  }

  @Test
  void validate_findsWhatIsDamaged() throws IOException {
    assertThat(out("image", "validate", "//:one")).isEqualTo("sound\n");
    Path layout = Files.createDirectory(temp.resolve("copy"));
    Path built = workspace.root.resolve("athanor-out/one");
    try (Stream<Path> files = Files.walk(built)) {
      for (Path file : (Iterable<Path>) files.skip(1)::iterator) {
        Files.copy(file, layout.resolve(built.relativize(file).toString()));
      }
    }
    assertThat(out("image", "validate", layout.toString())).isEqualTo("sound\n");
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      Path blob = blobs.sorted().findFirst().orElseThrow();
      Files.delete(blob);
      Files.writeString(blob, "damaged");
    }

    assertThat(
            workspace
                .athanor("image", "validate", layout.toString())
                .fails(ExitCode.BUILD_FAILED)
                .out())
        .contains("blob.digest: ");
  }

  @Test
  void export_writesAnArchive_thatIsTheSameEachTime() throws IOException {
    assertThat(out("image", "export", "//:one", "one.tar"))
        .isEqualTo("one.tar localhost/athanor/one:latest\n");
    out("image", "export", "//:one", "again.tar");

    assertThat(
            Files.mismatch(workspace.root.resolve("one.tar"), workspace.root.resolve("again.tar")))
        .isEqualTo(-1);
    BlobStore store = new MemoryBlobStore();
    try (InputStream in = Files.newInputStream(workspace.root.resolve("one.tar"))) {
      List<Descriptor> images = ArchiveReader.read(in, store);
      JsonObject json = workspace.athanor("image", "inspect", "//:one", "--json").succeeds().json();
      assertThat(images.getFirst().digest().toString()).isEqualTo(json.get("digest").getAsString());
    }
  }

  @Test
  void mistakes_areToldWithTheUsage() {
    workspace.athanor("image").fails(ExitCode.BAD_INPUT).says("usage: athanor image");
    workspace.athanor("image", "peel", "//:one").fails(ExitCode.BAD_INPUT).says("'peel'");
    workspace.athanor("image", "diff", "//:one").fails(ExitCode.BAD_INPUT).says("takes 2 words");
    workspace.athanor("image", "ls", "//:tree").fails(ExitCode.BAD_INPUT).says("is not an image");
  }
}
