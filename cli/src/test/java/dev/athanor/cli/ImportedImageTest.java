package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images that others made, as targets and as arguments of `image`.
final class ImportedImageTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private BuiltImage original;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp).write("x", "x\n").write("y", "y\n");
    workspace.write(
        "made/BUILD",
        """
        oci_build_image(name = "one", base = "scratch", files = {"//:x": "/x"}, env = ["A=1"], tag = "v1")
        oci_build_image(name = "two", base = "scratch", files = {"//:y": "/y"}, tag = "v2")
        """);
    original = workspace.image("//made:one");
  }

  private BuiltImage imported(String attributes) {
    workspace.write(
        "BUILD",
        "oci_import_image(name = 'i', %s)\noci_build_image(name = 'top', base = ':i', files = {'y': '/y'})"
            .formatted(attributes));
    return workspace.image("//:i");
  }

  private void skopeo(String from, String to) throws IOException {
    Peers.requireTools("skopeo");
    Peers.runIn(workspace.root, "skopeo", "copy", "--quiet", from, to);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat", "gzip", "zstd -q"})
  void archive_keepsTheDigest_howeverItIsCompressed(String compress) throws IOException {
    Peers.requireTools("sh", "gzip", "zstd");
    skopeo("oci:athanor-out/made/one:v1", "oci-archive:plain.tar:v1");
    Peers.runIn(workspace.root, "sh", "-ec", compress + " < plain.tar > archive");

    BuiltImage image = imported("src = 'archive'");

    assertThat(image.digest()).isEqualTo(original.digest());
    assertThat(workspace.image("//:top").names(1)).containsExactly("y");
    assertThat(workspace.athanor("image", "cat", "//:top", "/x").succeeds().out()).isEqualTo("x\n");
  }

  @Test
  void dockerArchive_hasTheSameFilesAndConfig() throws IOException {
    skopeo("oci:athanor-out/made/one:v1", "docker-archive:docker.tar:example.com/one:v1");

    BuiltImage image = imported("src = 'docker.tar'");

    assertThat(image.file(0, "x")).isEqualTo("x\n");
    assertThat(image.words("Env")).containsExactly("A=1");
    assertThat(workspace.athanor("image", "diff", "//:i", "//made:one").succeeds().out()).isEmpty();
  }

  @Test
  void layoutInTheWorkspace_isAnImageToo() throws IOException {
    Files.move(workspace.root.resolve("athanor-out/made/one"), workspace.root.resolve("layout"));

    assertThat(imported("src = 'layout'").digest()).isEqualTo(original.digest());
  }

  @Test
  void severalImages_areChosenByTag() throws IOException {
    BuiltImage two = workspace.image("//made:two");
    skopeo("oci:athanor-out/made/one:v1", "oci:both:first");
    skopeo("oci:athanor-out/made/two:v2", "oci:both:second");

    assertThat(imported("src = 'both', tag = 'second'").digest()).isEqualTo(two.digest());
    assertThat(workspace.athanor("image", "ls", "both:first").succeeds().out()).contains(" /x");
    assertThat(workspace.athanor("image", "diff", "both:first", "//:i").succeeds().out())
        .containsMatch("- /x\\n\\+ /y");
    workspace.write("BUILD", "oci_import_image(name = 'i', src = 'both')");
    workspace
        .athanor("build", "//:i")
        .fails(ExitCode.BUILD_FAILED)
        .says("both holds 2 such images", "[first, second]");
  }

  @Test
  void whatIsNoImage_isAnError() {
    workspace.write("BUILD", "oci_import_image(name = 'i', src = 'x')");
    workspace
        .athanor("build", "//:i")
        .fails(ExitCode.BUILD_FAILED)
        .says("not an archive of images");

    workspace.write("BUILD", "oci_import_image(name = 'i', src = 'made')");
    workspace.athanor("build", "//:i").fails(ExitCode.BUILD_FAILED).says("made is no image layout");

    workspace.write("dir/file", "x");
    workspace.write("BUILD", "oci_import_image(name = 'i', src = 'dir')");
    workspace
        .athanor("build", "//:i")
        .fails(ExitCode.BUILD_FAILED)
        .says("dir is no image layout", "oci-layout and index.json");
    workspace
        .athanor("image", "ls", "x")
        .fails(ExitCode.BAD_INPUT)
        .says("not an archive of images");
  }

  @Test
  void importing_replacesALayoutAndNothingElse() throws IOException {
    skopeo("oci:athanor-out/made/one:v1", "oci-archive:one.tar:v1");

    workspace.athanor("image", "import", "one.tar:v1", "to").succeeds();
    assertThat(BuiltImage.in(workspace.root.resolve("to")).digest()).isEqualTo(original.digest());
    assertThat(workspace.read("to/index.json")).contains("\"v1\"");
    workspace.athanor("image", "import", "one.tar", "to").succeeds();
    workspace
        .athanor("image", "import", "one.tar", "made")
        .fails(ExitCode.BAD_INPUT)
        .says("made is there, and is no image layout");
    assertThat(Files.exists(workspace.root.resolve("made/BUILD"))).isTrue();
  }

  /// A layout whose layer is not there is legal, but of no use as a base.
  @Test
  void missingOrDamagedLayer_isNamed() throws IOException {
    Path layout = workspace.root.resolve("layout");
    Files.move(workspace.root.resolve("athanor-out/made/one"), layout);
    String layer =
        original
            .manifest()
            .getAsJsonArray("layers")
            .get(0)
            .getAsJsonObject()
            .get("digest")
            .getAsString();
    Path blob = layout.resolve("blobs/sha256").resolve(layer.replace("sha256:", ""));
    Path cache = temp.resolve("other-cache");
    workspace.env("ATHANOR_CACHE_DIR", cache.toString());
    Files.delete(blob);
    workspace.write("BUILD", "oci_import_image(name = 'i', src = 'layout')");

    workspace
        .athanor("build", "//:i")
        .fails(ExitCode.BUILD_FAILED)
        .says("layout lacks the layer " + layer);
    workspace.athanor("image", "ls", "layout").fails(ExitCode.MACHINE).says(layer.substring(7, 20));

    Files.writeString(blob, "damaged");
    workspace
        .athanor("build", "//:i")
        .fails(ExitCode.BUILD_FAILED)
        .says("layout lacks the layer " + layer);
    workspace.athanor("image", "ls", "layout").fails(ExitCode.MACHINE).says(layer.substring(7, 20));
  }
}
