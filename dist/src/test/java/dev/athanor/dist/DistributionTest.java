package dev.athanor.dist;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The archive and the image that `dist/make` has left, as who gets them finds them.
final class DistributionTest {
  private static final Path CHECKOUT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
  private static final Path TARGET = CHECKOUT.resolve("dist/target");

  /// A blank in it, since people have such folders.
  @TempDir(factory = WithBlank.class)
  Path temp;

  private final Map<String, String> env = new TreeMap<>();

  @BeforeEach
  void nothingButTheSystem() {
    env.put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    env.put("HOME", temp.toString());
  }

  @Test
  void unpacked_runsWithoutJava_andTellsItsCommit() {
    unpack();

    String version = athanor("--version").strip();

    assertThat(version).matches("athanor [0-9.]+ \\((source|\\S*[0-9a-f]{7,}(-dirty)?)\\)");
    assertThat(athanor("help", "build")).contains("usage: athanor build TARGET...");
  }

  @Test
  void unpacked_buildsAndRuns_throughALink() throws IOException {
    unpack();
    copy(CHECKOUT.resolve("examples/quickstart"), temp.resolve("quickstart"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("athanor/bin/athanor"));

    assertThat(run(temp, link.toString(), "-C", "quickstart", "run", "//:hello"))
        .contains("Hello from a container");
  }

  /// The list of classes to archive is kept, so it grows old: then start-up gets slower, and
  /// dist/startup.sh has to be run.
  @Test
  void classesOfABuildWithNothingToDo_comeFromTheArchive() throws IOException {
    unpack();
    copy(CHECKOUT.resolve("examples/quickstart"), temp.resolve("quickstart"));
    String build = athanor("-C", "quickstart", "build", "//:hello");
    Path log = temp.resolve("classes.log");
    // Unlike a flag, this reaches the JVM through the launcher. The blank would end it.
    env.put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=classes.log");

    assertThat(athanor("-C", "quickstart", "build", "//:hello")).isEqualTo(build);

    List<String> loaded = Files.readAllLines(log);
    long archived = loaded.stream().filter(line -> line.contains("shared objects file")).count();
    assertThat(loaded.size()).isGreaterThan(1_000);
    assertWithMessage("of %s classes", loaded.size())
        .that((double) archived / loaded.size())
        .isAtLeast(0.97);
  }

  @Test
  void madeElsewhere_withOtherSurroundings_isTheSame() throws IOException {
    Path elsewhere = temp.resolve("a checkout with a long name");
    for (String file :
        List.of(
            ".jdk.sh",
            "CHANGELOG.md",
            "cli/launch.sh",
            "cli/src/main/resources/dev/athanor/cli",
            "cli/target/lib",
            "dist/BUILD",
            "dist/README.md",
            "dist/WORKSPACE",
            "dist/athanor",
            "dist/make",
            "dist/passwd",
            "dist/startup.classes")) {
      copy(CHECKOUT.resolve(file), elsewhere.resolve(file));
    }
    for (Path jar : below(CHECKOUT.resolve("cli/target"), "athanor-cli-*.jar")) {
      copy(jar, elsewhere.resolve("cli/target").resolve(jar.getFileName()));
    }
    env.put("TZ", "Asia/Kathmandu");
    env.put("LC_ALL", "C");
    env.put("ATHANOR_JAVA_HOME", Files.readString(TARGET.resolve("java-home")).strip());

    run(elsewhere, "sh", "-c", "umask 077 && exec dist/make " + version());

    for (String pattern : List.of("*.tar.gz", "*-image.tar")) {
      Path here = below(TARGET, pattern).getFirst();
      Path there = elsewhere.resolve("dist/target").resolve(here.getFileName());
      assertWithMessage("%s", here.getFileName()).that(Files.mismatch(here, there)).isEqualTo(-1);
    }
  }

  @Test
  void image_isSound_andBuildsAnImage_ofAWorkspaceOutside() throws IOException {
    unpack();
    Path workspace = Files.createDirectories(temp.resolve("workspace"));
    Files.writeString(workspace.resolve("WORKSPACE"), "");
    Files.writeString(workspace.resolve("greeting"), "hello");
    Files.writeString(
        workspace.resolve("BUILD"),
        "oci_build_image(name = 'i', base = 'scratch', packages = ['greeting'])");
    String image = below(TARGET, "*-image.tar").getFirst().toString();

    assertThat(athanor("image", "validate", image)).isEqualTo("sound\n");
    assertThat(athanor("run", image, "--entrypoint=athanor", "--", "version"))
        .isEqualTo(athanor("version"));
    assertThat(athanor("run", image, "--volume", workspace + ":/work", "--", "build", "//:i"))
        .startsWith("//:i athanor-out/i@sha256:");
    assertThat(Files.exists(workspace.resolve("athanor-out/i/oci-layout"))).isTrue();
  }

  private void unpack() {
    run(temp, "tar", "-xf", below(TARGET, "*.tar.gz").getFirst().toString());
  }

  private String athanor(String... words) {
    return run(temp, with(List.of(temp.resolve("athanor/bin/athanor").toString()), words));
  }

  private static String version() {
    String name = below(TARGET, "*-image.tar").getFirst().getFileName().toString();
    return name.replaceFirst("^athanor-(.*)-image.tar$", "$1");
  }

  private static String[] with(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /// Runs a program that must succeed, and gives what it prints.
  private String run(Path directory, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(env);
      Path out = Files.createTempFile("athanor", ".out");
      Path err = Files.createTempFile("athanor", ".err");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      boolean ended = process.waitFor(5, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(err);
      assertWithMessage("%s\n%s", List.of(command), said).that(ended).isTrue();
      assertWithMessage("%s\n%s", List.of(command), said).that(process.exitValue()).isEqualTo(0);
      String printed = Files.readString(out);
      Files.delete(out);
      Files.delete(err);
      return printed;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> below(Path folder, String pattern) {
    try (var files = Files.newDirectoryStream(folder, pattern)) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      assertWithMessage("%s in %s", pattern, folder).that(found).hasSize(1);
      return found;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Copies a file or a folder, without what was built in it.
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path below = from.relativize(file);
        if (!below.startsWith("athanor-out")) {
          Files.copy(file, to.resolve(below.toString()));
        }
      }
    }
  }
}
