package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import dev.athanor.oci.registry.FakeRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `load` into real runtimes: an image of four layers, two of which belong to a base that is in a
/// registry.
final class LoadTest {
  private static final String NAME = "localhost/app/image:latest";

  @TempDir Path temp;
  private FakeRegistry registry;
  private TestWorkspace workspace;

  @BeforeEach
  void create() throws IOException {
    registry = FakeRegistry.start();
    TestWorkspace other = TestWorkspace.in(temp.resolve("other")).write("a", "a").write("b", "b");
    other.write(
        "BUILD",
        """
        oci_layer(name = "first", packages = ["a"])
        oci_build_image(
            name = "base",
            base = "scratch",
            layers = [":first"],
            packages = ["b"],
            repository = "%s/base",
        )
        """
            .formatted(registry.host()));
    String base =
        other
            .athanor("publish", "--json", "//:base")
            .succeeds()
            .target("//:base")
            .getAsJsonArray("published")
            .get(0)
            .getAsJsonObject()
            .get("digest")
            .getAsString();
    workspace = TestWorkspace.in(temp).write("app/lib", "lib").write("app/main", "one");
    workspace.write(
        "app/BUILD",
        """
        oci_pull_image(name = "base", repository = "%s/base", sha = "%s")
        oci_layer(name = "libs", packages = ["lib"])
        oci_build_image(name = "image", base = ":base", layers = [":libs"], packages = ["main"])
        """
            .formatted(registry.host(), base));
    registry.forgetRequests();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private TestWorkspace in(TestRuntime runtime) {
    runtime.env.forEach(workspace::env);
    return workspace;
  }

  private JsonObject load(TestRuntime runtime, String... more) {
    List<String> words =
        new ArrayList<>(List.of("load", "--json", "--to=" + runtime.name(), "//app:image"));
    words.addAll(List.of(more));
    return in(runtime)
        .athanor(words.toArray(String[]::new))
        .succeeds()
        .json()
        .getAsJsonArray("loaded")
        .get(0)
        .getAsJsonObject();
  }

  private static int transferred(JsonObject loaded) {
    assertThat(loaded.get("layers").getAsInt()).isEqualTo(4);
    return loaded.get("transferred").getAsInt();
  }

  /// How many blobs of the base were fetched.
  private long fetched() {
    long count =
        registry.requests().stream()
            .filter(request -> request.method().equals("GET"))
            .filter(request -> request.path().startsWith("/v2/base/blobs/"))
            .count();
    registry.forgetRequests();
    return count;
  }

  private String config() {
    return workspace
        .image("//app:image")
        .manifest()
        .getAsJsonObject("config")
        .get("digest")
        .getAsString();
  }

  @ParameterizedTest
  @EnumSource(names = {"DOCKER", "PODMAN", "CONTAINERD"})
  void runtime_getsOnlyWhatItLacks(TestRuntime.Kind kind) throws IOException, InterruptedException {
    try (TestRuntime runtime = TestRuntime.start(kind)) {
      JsonObject first = load(runtime);
      // The config, and two layers.
      assertThat(fetched()).isEqualTo(3);
      workspace.write("app/main", "two");
      JsonObject second = load(runtime);
      JsonObject third = load(runtime);
      assertThat(fetched()).isEqualTo(0);
      // Nobody needs the layers of the base where the runtime has them.
      JsonObject elsewhere = load(runtime, "--cache-dir", temp.resolve("fresh").toString());
      assertThat(fetched()).isEqualTo(1);

      assertThat(transferred(first)).isEqualTo(4);
      assertThat(transferred(second)).isEqualTo(1);
      assertThat(transferred(third)).isEqualTo(0);
      assertThat(transferred(elsewhere)).isEqualTo(0);
      assertThat(second.get("bytes").getAsLong()).isLessThan(first.get("bytes").getAsLong());
      assertThat(second.get("name").getAsString()).isEqualTo(NAME);
      assertThat(second.get("runtime").getAsString()).isEqualTo(runtime.name());
      assertThat(runtime.names()).containsExactly(NAME);
      if (kind == TestRuntime.Kind.CONTAINERD) {
        assertThat(runtime.run("images", "ls")).contains(second.get("digest").getAsString());
      } else {
        assertThat(runtime.config(NAME)).isEqualTo(config());
      }
    }
  }

  /// Its daemon has a loopback of its own, where nobody serves anything.
  @Test
  void distantDocker_getsTheWholeImage() throws IOException, InterruptedException {
    try (TestRuntime runtime = TestRuntime.start(TestRuntime.Kind.DISTANT_DOCKER)) {
      CliResult result =
          in(runtime).athanor("load", "//app:image", "--to=docker", "--name=a/b:c").succeeds();

      result.says("docker could not pull from here (", "gets the whole image");
      assertThat(result.out())
          .startsWith("//app:image loaded into docker as docker.io/a/b:c@sha256:");
      assertThat(result.out()).contains(" (4 layers, ");
      assertThat(runtime.names()).containsExactly("a/b:c");
      assertThat(runtime.config("a/b:c")).isEqualTo(config());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DOCKER", "PODMAN", "CONTAINERD"})
  void archive_isReadByAll(TestRuntime.Kind kind) throws IOException, InterruptedException {
    try (TestRuntime runtime = TestRuntime.start(kind)) {
      Path file = temp.resolve("app.tar");
      CliResult result =
          workspace.athanor("load", "//app:image", "--archive", file.toString()).succeeds();

      if (kind == TestRuntime.Kind.CONTAINERD) {
        runtime.run("images", "import", file.toString());
      } else {
        runtime.run("load", "--input", file.toString());
        assertThat(runtime.config(NAME)).isEqualTo(config());
      }

      assertThat(result.out()).startsWith("//app:image loaded into " + file + " as " + NAME + "@");
      assertThat(runtime.names()).containsExactly(NAME);
    }
  }

  @Test
  void podman_runsWhatWasLoaded_underItsRepository_ofSeveral()
      throws IOException, InterruptedException {
    workspace.write(
        "BUILD",
        """
        oci_build_image(name = "x", base = "//app:image", repository = "example.com/team/x", tag = "1")
        genrule(name = "no_image", outs = ["o"], cmd = "touch $@")
        """);
    try (TestRuntime runtime = TestRuntime.start(TestRuntime.Kind.PODMAN)) {
      CliResult result = in(runtime).athanor("load", "--to=podman", "//...").succeeds();

      assertThat(result.out().lines().map(line -> line.replaceAll("@.*", "")))
          .containsExactly(
              "//app:base loaded into podman as localhost/app/base:latest",
              "//app:image loaded into podman as " + NAME,
              "//:x loaded into podman as example.com/team/x:1");
      assertThat(result.out()).contains("4 of 4 layers were there");
      assertThat(runtime.names())
          .containsExactly("example.com/team/x:1", "localhost/app/base:latest", NAME);
    }
  }
}
