package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import dev.athanor.engine.session.OutputFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The main job on `examples/quickstart`, as its user sees it.
final class QuickstartTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void copy() {
    workspace = TestWorkspace.ofExample("quickstart", temp);
  }

  @Test
  void build_printsLabelPathAndDigest_andLeavesALayout() {
    CliResult built = workspace.athanor("build", "//:hello").succeeds();

    assertThat(built.out()).matches("//:hello athanor-out/hello@sha256:[0-9a-f]{64}\n");
    String digest = built.out().strip().replaceFirst(".*@sha256:", "");
    assertThat(workspace.read("athanor-out/hello/index.json")).contains(digest);
    assertThat(workspace.read("athanor-out/hello/oci-layout"))
        .isEqualTo("{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  /// Exactly the reachable blobs: index, manifest, config and layers.
  @Test
  void build_leavesNoStaleBlobInTheLayout() {
    workspace.athanor("build", "//:hello").succeeds();
    workspace.edit("greeting.sh", "all there is", "everything");
    workspace.athanor("build", "//:hello").succeeds();

    assertThat(TestWorkspace.files(workspace.root.resolve("athanor-out/hello/blobs"))).hasSize(3);
  }

  @Test
  void json_hasTheFieldsOfTheContract() {
    CliResult built = workspace.athanor("build", "--json", "//:hello").succeeds();

    JsonObject json = built.json();
    assertThat(json.keySet())
        .containsExactly(
            "invocation", "executed", "cached", "failed", "skipped", "wallMs", "targets");
    assertThat(json.get("failed").getAsInt()).isEqualTo(0);
    JsonObject target = built.target("//:hello");
    assertThat(target.keySet()).containsExactly("label", "outputs", "image");
    assertThat(target.getAsJsonArray("outputs").get(0).getAsString())
        .isEqualTo(workspace.root.resolve("athanor-out/hello").toString());
    JsonObject image = target.getAsJsonObject("image");
    assertThat(image.keySet()).containsExactly("digest", "mediaType", "size", "platform");
    assertThat(image.get("platform").getAsString()).isEqualTo("linux/amd64");
  }

  @Test
  void everyAction_isVisibleByName() {
    CliResult built = workspace.athanor("build", "//:hello").succeeds();

    assertThat(built.ran())
        .containsExactly(
            "add-layer //:hello",
            "config //:empty",
            "config //:hello",
            "describe //:hello",
            "genrule //:shell",
            "layout //:hello");
  }

  @Test
  void editedFile_runsOnlyWhatDependsOnIt() {
    String before = workspace.athanor("build", "//:hello", "--json").succeeds().digest("//:hello");
    workspace.edit("greeting.sh", "all there is", "everything");

    CliResult after = workspace.athanor("build", "//:hello", "--json").succeeds();

    assertThat(after.ran())
        .containsExactly(
            "add-layer //:hello", "config //:hello", "describe //:hello", "layout //:hello");
    assertThat(after.executed()).isEqualTo(4);
    assertThat(after.digest("//:hello")).isNotEqualTo(before);
  }

  @Test
  void editUndone_isAnsweredByTheCache() {
    String before = workspace.athanor("build", "//:hello", "--json").succeeds().digest("//:hello");
    workspace.edit("greeting.sh", "all there is", "everything");
    workspace.athanor("build", "//:hello").succeeds();
    workspace.edit("greeting.sh", "everything", "all there is");

    CliResult undone = workspace.athanor("build", "//:hello", "--json").succeeds();

    assertThat(undone.executed()).isEqualTo(0);
    assertThat(undone.digest("//:hello")).isEqualTo(before);
    assertThat(workspace.read("athanor-out/hello/index.json")).contains(before);
  }

  @Test
  void lostOutput_isShownAgain_withoutRunningAnything() throws IOException {
    workspace.athanor("build", "//:hello").succeeds();
    Files.delete(workspace.root.resolve("athanor-out/hello/index.json"));

    CliResult again = workspace.athanor("build", "//:hello", "--json").succeeds();

    assertThat(again.executed()).isEqualTo(0);
    assertThat(workspace.read("athanor-out/hello/index.json")).contains(again.digest("//:hello"));
  }

  /// "Cached, but the blob is gone" must be impossible, whichever blob it is.
  @Test
  void lostBlob_isMadeAgain() throws IOException {
    String digest = workspace.athanor("build", "//:hello", "--json").succeeds().digest("//:hello");
    List<String> blobs = TestWorkspace.files(workspace.cache.resolve("cas"));

    for (String blob : blobs) {
      Files.delete(workspace.cache.resolve("cas").resolve(blob));
      OutputFolder.delete(workspace.root.resolve("athanor-out"));

      CliResult again = workspace.athanor("build", "//:hello", "--json").succeeds();

      assertThat(again.digest("//:hello")).isEqualTo(digest);
    }
  }

  @Test
  void truncatedBlob_isMadeAgain() throws IOException {
    String digest = workspace.athanor("build", "//:hello", "--json").succeeds().digest("//:hello");
    Path blob =
        workspace.cache.resolve("cas").resolve(digest.substring(7, 9)).resolve(digest.substring(7));
    byte[] bytes = Files.readAllBytes(blob);
    Files.delete(blob);
    Files.write(blob, Arrays.copyOf(bytes, bytes.length / 2));
    workspace.athanor("clean").succeeds();

    workspace.athanor("build", "//:hello").succeeds();

    assertThat(Files.readAllBytes(blob)).isEqualTo(bytes);
  }

  @Test
  void run_printsWhatTheImagePrints() {
    CliResult run = workspace.process("", "run", "//:hello").succeeds();

    assertThat(run.out()).startsWith("Hello from a container\n");
    assertThat(run.out()).contains(" greeting.sh ");
    assertThat(run.out()).doesNotContain("home");
  }

  @Test
  void run_seesNoNetworkButItsOwn_andNothingOfTheHost() {
    workspace.edit(
        "greeting.sh",
        "echo \"$GREETING\"",
        "while read -r l; do echo \"$l\"; done < /proc/net/dev");

    CliResult run = workspace.process("export SECRET=x", "run", "//:hello").succeeds();

    assertThat(run.out()).contains("lo:");
    assertThat(run.out().lines().filter(line -> line.matches("\\s*\\w+:.*")).count()).isEqualTo(1);
  }

  @Test
  void run_endsWithTheExitCodeOfTheProgram() {
    workspace.write("greeting.sh", "#!/bin/sh\necho \"$@\" >&2\nexit 42\n");

    workspace.process("", "run", "//:hello", "--", "a b", "c").ends(42).says("a b c");
  }

  @Test
  void clean_removesOutputsOnly_andWithCacheEverything() throws IOException {
    workspace.athanor("build", "//:hello").succeeds();
    Files.writeString(workspace.cache.resolve("mine.txt"), "not athanor's");

    workspace.athanor("clean").succeeds();

    assertThat(Files.exists(workspace.root.resolve("athanor-out"))).isFalse();
    assertThat(workspace.athanor("build", "//:hello", "--json").executed()).isEqualTo(0);

    workspace.athanor("clean", "--cache").succeeds();

    assertThat(TestWorkspace.files(workspace.cache)).containsExactly("mine.txt");
    assertThat(workspace.athanor("build", "//:hello", "--json").executed()).isEqualTo(6);
  }
}
