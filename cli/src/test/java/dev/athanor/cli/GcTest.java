package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `athanor gc`, and builds before, after and during it.
final class GcTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("a.txt", "a\n")
            .write(
                "BUILD",
                """
                genrule(name = "a", srcs = ["a.txt"], outs = ["a"], cmd = "cat $< > $@")
                genrule(name = "b", srcs = [":a"], outs = ["b"], cmd = "cat $< $< > $@")
                oci_build_image(name = "image", base = "scratch", packages = [":b"])
                """);
  }

  /// Makes everything in the cache look as if it had not been used for that long.
  private void age(Duration by) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(by));
    try (Stream<Path> files = Files.walk(workspace.cache)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        boolean blob =
            file.startsWith(workspace.cache.resolve("cas"))
                || file.startsWith(workspace.cache.resolve("exec"));
        Files.getFileAttributeView(file, BasicFileAttributeView.class)
            .setTimes(blob ? null : then, then, null);
      }
    }
  }

  private int blobs() {
    return TestWorkspace.files(workspace.cache.resolve("cas")).size();
  }

  @Test
  void dryRun_explains_andRemovesNothing() throws IOException {
    workspace.athanor("build", "//...").succeeds();
    age(Duration.ofDays(40));
    int before = blobs();

    CliResult result = workspace.athanor("gc", "--dry-run").succeeds();

    assertThat(result.out()).contains("action results");
    assertThat(result.out())
        .contains("not used for as long as is allowed, the last of them 40 days");
    assertThat(result.out()).contains("nothing was removed");
    assertThat(blobs()).isEqualTo(before);
  }

  @Test
  void unusedCache_goes_andIsMadeAgain() throws IOException {
    workspace.athanor("build", "//...").succeeds();
    String digest = workspace.image("//:image").digest();
    age(Duration.ofDays(40));

    CliResult result = workspace.athanor("gc").succeeds();

    assertThat(result.out()).contains("removed ");
    assertThat(blobs()).isEqualTo(0);
    assertThat(workspace.image("//:image").digest()).isEqualTo(digest);
  }

  /// A build with nothing to do touches no blob.
  @Test
  void whatTheLastBuildFound_isInUse() throws IOException {
    workspace.athanor("build", "//...").succeeds();
    age(Duration.ofDays(40));
    int before = blobs();
    assertThat(workspace.athanor("build", "//...").succeeds().ran()).isEmpty();

    workspace.athanor("gc").succeeds();

    assertThat(blobs()).isEqualTo(before);
    workspace.athanor("clean").succeeds();
    assertThat(workspace.athanor("build", "//...").succeeds().ran()).isEmpty();
  }

  @Test
  void size_isKeptTo() {
    workspace.athanor("build", "//...").succeeds();

    workspace.athanor("gc", "--max-size=1K").succeeds();

    CliResult left = workspace.athanor("gc", "--dry-run", "--json", "--max-size=1K").succeeds();
    assertThat(left.json().get("bytes").getAsLong()).isAtMost(1024);
  }

  @Test
  void badAmounts_areTold() {
    workspace.athanor("gc", "--max-age=soon").fails(ExitCode.BAD_INPUT).says("such as 12h, 30d");
    workspace.athanor("gc", "--max-size=9999999T").fails(ExitCode.BAD_INPUT).says("is no size");
  }

  /// However often somebody cleans up, and whatever he takes away: builds go on.
  @Test
  void buildsDuringCollection_allSucceed() throws InterruptedException, ExecutionException {
    String digest = workspace.image("//:image").digest();
    AtomicBoolean done = new AtomicBoolean();
    Future<Integer> collections =
        CompletableFuture.supplyAsync(() -> {
          int count = 0;
          for (; !done.get(); count++) {
            workspace.athanor("gc", "--max-size=0").succeeds();
          }
          return count;
        });
    for (int i = 0; i < 15; i++) {
      workspace.write("a.txt", "number " + i + "\n");
      workspace.athanor("build", "//...").succeeds();
      workspace.write("a.txt", "a\n");
      assertThat(workspace.image("//:image").digest()).isEqualTo(digest);
    }
    done.set(true);
    assertThat(collections.get()).isGreaterThan(1);
  }
}
