package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.layer.Peers;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of every example: it does what its README says, and what it builds depends on nothing
/// but its files.
///
/// Those that pull a base get it from [DockerHub], and have one cache between them: unpacking bases
/// in each test would take minutes.
final class ExamplesTest {
  private static final Path EXAMPLES = TestWorkspace.CHECKOUT.resolve("examples");
  private static final String ODD =
      "umask 077; chmod -R go-rwx .; export LC_ALL=tr_TR.UTF-8 TZ=Asia/Kathmandu USER=odd HOSTNAME=odd";

  @TempDir static Path shared;

  private static @Nullable DockerHub hub;
  @TempDir Path temp;

  @AfterAll
  static void stop() throws IOException {
    if (hub != null) {
      hub.close();
    }
    // The framework would warn of each link of the unpacked systems.
    DeleteTree.delete(shared);
  }

  static List<String> examples() throws IOException {
    try (Stream<Path> folders = Files.list(EXAMPLES)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /// Those that build on nothing but what is in them.
  static List<String> selfContained() throws IOException {
    return examples().stream().filter(example -> isWorkspace(example) && !pulls(example)).toList();
  }

  static List<String> onABase() throws IOException {
    return examples().stream().filter(example -> isWorkspace(example) && pulls(example)).toList();
  }

  /// All are, but the one that is to become one.
  private static boolean isWorkspace(String example) {
    return Files.exists(EXAMPLES.resolve(example).resolve("WORKSPACE"));
  }

  private static boolean pulls(String example) {
    try {
      return Files.readString(EXAMPLES.resolve(example).resolve("BUILD")).contains("docker.io/");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static synchronized DockerHub hub() throws IOException, InterruptedException {
    DockerHub.require();
    DockerHub started = hub == null ? DockerHub.start(shared.resolve("hub")) : hub;
    hub = started;
    return started;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void readme_saysWhatHappens(String example) throws Exception {
    TestWorkspace workspace = TestWorkspace.ofExample(example, temp);
    Transcript readme = Transcript.of(EXAMPLES.resolve(example).resolve("README.md"));
    switch (example) {
      case "publish" -> publish(workspace, readme);
      case "shared-cache" ->
          readme.where("8980", freePort()).where("8981", freePort()).run(workspace);
      default -> {
        if (isWorkspace(example) && pulls(example)) {
          workspace = pulling(example, temp.resolve("pulling"));
        }
        readme.where("8080", freePort()).run(workspace);
      }
    }
  }

  /// To the registry that the page takes for the reader's own.
  private void publish(TestWorkspace workspace, Transcript readme) throws Exception {
    Peers.requireTools("docker-registry");
    try (DockerRegistry registry = DockerRegistry.start(temp.resolve("registry"))) {
      Path settings =
          Files.writeString(
              temp.resolve("config"),
              "registry(\"localhost:5000\", mirrors = [\"%s\"])\n".formatted(registry.host()));
      readme
          .where("localhost:5000", registry.host())
          .run(workspace.env("ATHANOR_CONFIG", settings.toString()));
    }
  }

  private static String freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return String.valueOf(free.getLocalPort());
    }
  }

  @Test
  void list_namesThemAll() throws IOException {
    String list = Files.readString(EXAMPLES.resolve("README.md"));

    for (String example : examples()) {
      assertThat(list).contains("| [" + example + "](" + example + ") |");
    }
  }

  @ParameterizedTest
  @MethodSource("selfContained")
  void built_thenAgain_runsNothing(String example) {
    TestWorkspace workspace = TestWorkspace.ofExample(example, temp);

    assertThat(builtTwice(workspace).executed()).isGreaterThan(0);
  }

  private static CliResult builtTwice(TestWorkspace workspace) {
    CliResult first = workspace.athanor("build", "//...", "--json").succeeds();
    CliResult second = workspace.athanor("build", "//...", "--json").succeeds();

    assertThat(second.executed()).isEqualTo(0);
    assertThat(second.json().get("targets")).isEqualTo(first.json().get("targets"));
    return first;
  }

  @ParameterizedTest
  @MethodSource("selfContained")
  void atTwoPaths_withTwoCaches_givesTheSameBytes(String example) {
    TestWorkspace here = TestWorkspace.ofExample(example, temp.resolve("here"));
    TestWorkspace there = TestWorkspace.ofExample(example, temp.resolve("there/much/deeper"));

    here.athanor("build", "//...").succeeds();
    there.athanor("build", "//...", "--jobs", "1").succeeds();

    sameOutputs(here, there);
  }

  private static void sameOutputs(TestWorkspace here, TestWorkspace there) {
    assertThat(TestWorkspace.contents(there.root.resolve("athanor-out")))
        .isEqualTo(TestWorkspace.contents(here.root.resolve("athanor-out")));
  }

  /// Umask, time zone and locale belong to whoever builds, not to what is built.
  @ParameterizedTest
  @MethodSource("selfContained")
  void inOtherSurroundings_givesTheSameBytes(String example) {
    TestWorkspace plain = TestWorkspace.ofExample(example, temp.resolve("plain"));
    TestWorkspace odd = TestWorkspace.ofExample(example, temp.resolve("odd"));

    plain.process("umask 022; export LC_ALL=C.UTF-8 TZ=UTC", "build", "//...").succeeds();
    odd.process(ODD, "build", "//...").succeeds();

    sameOutputs(plain, odd);
  }

  @ParameterizedTest
  @MethodSource("selfContained")
  void everyAction_isDeterministic(String example) {
    verified(TestWorkspace.ofExample(example, temp));
  }

  /// Of every action but those that fetch by digest.
  private static void verified(TestWorkspace workspace) {
    JsonObject verified = workspace.athanor("verify", "//...", "--json").succeeds().json();

    for (JsonElement element : verified.getAsJsonArray("actions")) {
      JsonObject action = element.getAsJsonObject();
      if (!action.get("action").getAsString().startsWith("fetch ")) {
        assertThat(action.get("verdict").getAsString()).isEqualTo("deterministic");
      }
    }
  }

  /// The same as of the others, with two builds instead of seven. They have one cache, which
  /// forgets all results in between.
  @ParameterizedTest
  @MethodSource("onABase")
  void onABase_dependsOnNothingElse(String example) throws Exception {
    TestWorkspace here = pulling(example, temp.resolve("here"));
    TestWorkspace there = pulling(example, temp.resolve("there/much/deeper"));
    here.athanor("lock").succeeds();
    there.athanor("lock").succeeds();

    CliResult built = builtTwice(here);
    verified(here);
    DeleteTree.delete(here.cache.resolve("ac"));
    CliResult odd = there.process(ODD, "build", "//...").succeeds();

    assertThat(built.json().getAsJsonArray("targets")).isNotEmpty();
    assertThat(odd.ran()).isNotEmpty();
    sameOutputs(here, there);
  }

  private static TestWorkspace pulling(String example, Path folder) throws Exception {
    return TestWorkspace.ofExample(example, folder, shared.resolve("cache"))
        .env("ATHANOR_CONFIG", hub().settings());
  }
}
