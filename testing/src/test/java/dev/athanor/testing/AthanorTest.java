package dev.athanor.testing;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.testing.Determinism.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Factor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AthanorTest {
  private static final String IMAGE =
      """
      files(name = "hello", sources = ["hello.txt"])
      oci_build_image(name = "image", base = "scratch", packages = [":hello"])
      """;

  @TempDir Path temp;

  private static Athanor image(Athanor athanor) {
    return athanor.file("hello.txt", "Hello\n").file("BUILD", IMAGE);
  }

  @Test
  void inMemory_buildsImages() {
    try (Athanor athanor = image(Athanor.inMemory())) {
      Build build = athanor.build("//:image");

      assertThat(build.executed()).contains("layout //:image");
      assertThat(build.output("index.json").path()).isEqualTo("image/index.json");
      assertThat(build.output("oci-layout").text()).contains("1.0.0");
      assertThat(build.output("image").isDirectory()).isTrue();
      assertThat(athanor.root().getFileSystem()).isNotEqualTo(temp.getFileSystem());
    }
  }

  @Test
  void inMemory_runsNoCommand() {
    try (Athanor athanor = Athanor.inMemory()) {
      athanor.file("BUILD", "genrule(name = 'x', outs = ['x.txt'], cmd = 'echo > $@')");

      assertThat(athanor.target("//:x"))
          .failsToBuildThat()
          .contains("a workspace in memory runs no commands");
      assertThat(athanor.varies()).isEmpty();
      assertThrows(IllegalStateException.class, () -> athanor.sandbox("plain"));
    }
  }

  @Test
  void temporary_runsCommands_andIsGoneAfterwards() {
    Path root;
    try (Athanor athanor = Athanor.temporary()) {
      root = athanor.root();
      athanor.file("a/in.txt", "before\n");
      athanor.program("a/twice.sh", "#!/bin/sh\ncat \"$1\" \"$1\"\n");
      athanor.file(
          "a/BUILD",
          "genrule(name = 'x', srcs = ['in.txt', 'twice.sh'], outs = ['x.txt'],"
              + " cmd = '$(location twice.sh) $(location in.txt) > $@')");
      Build before = athanor.build("//a:x");
      athanor.file("a/in.txt", "after\n");
      Build after = athanor.build("//a:x");

      assertThat(before.output("a/x.txt").text()).isEqualTo("before\nbefore\n");
      assertThat(after.output("x.txt").text()).isEqualTo("after\nafter\n");
      assertThat(after.executed()).containsExactly("genrule //a:x");
      assertThat(after.output("x.txt").digest()).isNotEqualTo(before.output("x.txt").digest());
      assertThat(athanor.varies()).contains(Factor.TIME_ZONE);
    }
    assertThat(Files.exists(root)).isFalse();
  }

  @Test
  void copyOf_leavesTheWorkspaceAlone() throws IOException {
    Path workspace = workspaceOnDisk();
    try (Athanor athanor = Athanor.copyOf(workspace)) {
      athanor.file("hello.txt", "another");

      assertThat(athanor.target("//:image")).builds();
      assertThat(Files.exists(athanor.root().resolve("athanor-out"))).isFalse();
    }
    assertThat(names(workspace)).containsExactly("BUILD", "WORKSPACE", "athanor-out", "hello.txt");
    assertThat(Files.readString(workspace.resolve("hello.txt"))).isEqualTo("Hello\n");
  }

  @Test
  void inPlace_readsOnly() throws IOException {
    Path workspace = workspaceOnDisk();
    try (Athanor athanor = Athanor.inPlace(workspace)) {
      assertThat(athanor.target("//:image")).isDeterministic();

      assertThrows(IllegalStateException.class, () -> athanor.file("hello.txt", ""));
    }
    assertThat(names(workspace)).containsExactly("BUILD", "WORKSPACE", "athanor-out", "hello.txt");
    assertThat(names(workspace.resolve("athanor-out"))).containsExactly("earlier");
  }

  @Test
  void copyOf_whatIsNoWorkspace_fails() {
    UserException none = assertThrows(UserException.class, () -> Athanor.copyOf(temp));
    UserException gone =
        assertThrows(UserException.class, () -> Athanor.inPlace(temp.resolve("gone")));

    assertThat(none)
        .hasMessageThat()
        .isEqualTo(temp + " is no workspace: it has no WORKSPACE file");
    assertThat(gone).hasMessageThat().isEqualTo("no such workspace: " + temp.resolve("gone"));
  }

  @Test
  void cache_isSharedByWhoeverNamesIt() {
    Path cache = temp.resolve("cache");
    try (Athanor first = image(Athanor.temporary().cache(cache));
        Athanor second = image(Athanor.temporary().cache(cache));
        Athanor third = image(Athanor.temporary())) {
      assertThat(first.build("//:image").executed()).isNotEmpty();
      assertThat(second.build("//:image").executed()).isEmpty();
      assertThat(third.build("//:image").executed()).isNotEmpty();
    }
  }

  @Test
  void definesAndPlatform_areWhatIsBuiltFor() {
    String build =
        """
        config_setting(name = "fast", values = {"mode": "fast"})
        oci_build_image(name = "image", base = "scratch",
                        env = select({":fast": ["MODE=fast"], "//conditions:default": []}))
        """;
    try (Athanor athanor = Athanor.inMemory().define("mode", "fast").platform("linux/arm64")) {
      athanor.file("BUILD", build);
      String all =
          athanor.build("//:image").outputs().stream()
              .filter(output -> !output.isDirectory())
              .map(Output::text)
              .reduce("", String::concat);

      assertThat(all).contains("MODE=fast");
      assertThat(all).contains("arm64");
      assertThrows(IllegalStateException.class, () -> athanor.define("mode", "slow"));
    }
  }

  @Test
  void platformsOfTheWorkspace_count() {
    String workspace = "platform('small', architecture = 'arm64', default = True)\n";
    try (Athanor athanor = Athanor.inMemory().file("WORKSPACE", workspace);
        Athanor other = Athanor.inMemory().platform("small").file("WORKSPACE", workspace);
        Athanor wrong = Athanor.inMemory().platform("large").file("WORKSPACE", workspace)) {
      assertThat(athanor.build("//:empty").output("index.json").text()).contains("arm64");
      assertThat(other.target("//:empty")).producesSameOutputsAs(athanor.target("//:empty"));
      assertThat(wrong.target("//:empty"))
          .failsToBuildThat()
          .contains("the workspace has no platform 'large'\nhint: it has small");
    }
  }

  @Test
  void registriesAndNetwork_areRefused() {
    try (Athanor athanor = Athanor.temporary()) {
      athanor.file(
          "BUILD",
          """
          oci_pull_image(
              name = "base",
              repository = "registry.invalid/base",
              sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          )
          """);

      assertThat(athanor.target("//:base"))
          .failsToBuildThat()
          .contains("this needs a registry\nhint: allow it with Athanor.online()");
    }
  }

  @Test
  void paths_stayInTheWorkspace() {
    try (Athanor athanor = Athanor.inMemory()) {
      assertThrows(IllegalArgumentException.class, () -> athanor.file("../x", ""));
    }
  }

  @Test
  void outputs_thatAreNotThereOrNotClear_areErrors() {
    try (Athanor athanor = image(Athanor.inMemory())) {
      Build build = athanor.build("//:image");

      AssertionError none = assertThrows(AssertionError.class, () -> build.output("x"));
      assertThat(none).hasMessageThat().startsWith("//:image has no output x; it has image, ");
      assertThat(assertThrows(IllegalStateException.class, () -> build.output("image").text()))
          .hasMessageThat()
          .isEqualTo("image is not a file, but a directory");
    }
  }

  private Path workspaceOnDisk() throws IOException {
    Path workspace = Files.createDirectory(temp.resolve("workspace"));
    Files.writeString(workspace.resolve("WORKSPACE"), "");
    Files.writeString(workspace.resolve("hello.txt"), "Hello\n");
    Files.writeString(workspace.resolve("BUILD"), IMAGE);
    Files.createDirectories(workspace.resolve("athanor-out/earlier"));
    return workspace;
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList().stream();
    }
  }
}
