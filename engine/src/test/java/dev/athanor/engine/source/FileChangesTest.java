package dev.athanor.engine.source;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.source.FileChanges.Watched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which changes are told, with the operating system's own watches. A test that waits for nothing
/// to happen changes a file at its end that is watched.
@Timeout(30)
final class FileChangesTest {
  @TempDir Path root;
  private FileChanges changes;
  private Path end;

  @BeforeEach
  void open() throws IOException {
    changes = FileChanges.open(root.resolve("out"));
    end = write("end", "");
  }

  @AfterEach
  void close() throws IOException {
    changes.close();
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void watch(Watched... watched) throws IOException {
    List<Watched> all = new ArrayList<>(List.of(watched));
    all.add(new Watched(end, false));
    assertThat(changes.watch(all, Instant.now().plusSeconds(1))).isEmpty();
  }

  private static Watched file(Path path) {
    return new Watched(path, false);
  }

  /// What has changed by now.
  private Set<Path> changed() throws IOException, InterruptedException {
    Files.writeString(end, "now");
    return changes.await();
  }

  @Test
  void writtenReplacedAndDeletedFiles_areTold() throws Exception {
    Path written = write("a/written", "1");
    Path replaced = write("a/replaced", "1");
    Path deleted = write("b/deleted", "1");
    watch(file(written), file(replaced), file(deleted));

    Files.writeString(written, "2");
    Files.move(write("a/.swap", "2"), replaced, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(deleted);

    assertThat(changed()).containsExactly(written, replaced, deleted, end);
  }

  @Test
  void otherFiles_areNotTold() throws Exception {
    Path watched = write("a/watched", "1");
    write("a/other", "1");
    watch(file(watched));

    write("a/other", "2");
    write("a/new", "1");

    assertThat(changed()).containsExactly(end);
  }

  @Test
  void fileThatWasNotThere_isToldWhenItComes() throws Exception {
    Path absent = root.resolve("a/b/absent");
    watch(file(absent));

    write("a/other", "1");
    assertThat(changed()).containsExactly(root.resolve("a"), end);

    watch(file(absent));
    write("a/b/absent", "1");
    assertThat(changed()).containsExactly(root.resolve("a/b"), end);

    watch(file(absent));
    write("a/b/absent", "2");
    assertThat(changed()).containsExactly(absent, end);
  }

  @Test
  void directory_isWatchedForItsNames_andATreeForAll() throws Exception {
    write("listed/file", "1");
    write("tree/deep/down/file", "1");
    Path listed = root.resolve("listed");
    Path tree = root.resolve("tree");
    watch(file(listed), new Watched(tree, true));

    write("listed/file", "2");
    write("listed/new", "1");
    write("tree/deep/down/file", "2");

    assertThat(changed())
        .containsExactly(root.resolve("listed/new"), root.resolve("tree/deep/down/file"), end);
  }

  @Test
  void outputs_areOfNoInterest() throws Exception {
    Files.createDirectories(root.resolve("out"));
    watch(file(root), file(root.resolve("out")));

    write("out/made", "1");

    assertThat(changed()).containsExactly(end);
  }

  @Test
  void changeBeforeTheWatch_isToldAtOnce() throws Exception {
    Path file = write("a/file", "1");

    assertThat(changes.watch(List.of(file(file)), Instant.now().minusSeconds(60)))
        .containsExactly(file);
    assertThat(changes.watch(List.of(file(file)), Instant.now().minusSeconds(60))).isEmpty();
  }

  @Test
  void replacedDirectory_isToldOf_andTheNewOneWatched() throws Exception {
    Path file = write("app/deep/file", "1");
    watch(file(file));

    Files.move(root.resolve("app"), root.resolve("app.old"));
    write("app/deep/file", "2");
    assertThat(changed()).containsAtLeast(root.resolve("app"), end);

    watch(file(file));
    Files.writeString(file, "3");
    assertThat(changed()).containsExactly(file, end);

    watch(file(file));
    write("app.old/deep/file", "4");
    assertThat(changed()).containsExactly(end);
  }

  @Test
  void linkedFile_isWatchedWhereItIs() throws Exception {
    Path real = write("elsewhere/file", "1").toRealPath();
    Path link = Files.createSymbolicLink(root.resolve("link"), real);
    watch(file(link));

    Files.writeString(real, "2");

    assertThat(changed()).containsExactly(real, end);
  }

  @Test
  void manyChanges_areToldTogether() throws Exception {
    Path tree = Files.createDirectories(root.resolve("tree"));
    watch(new Watched(tree, true));
    for (int i = 0; i < 100; i++) {
      write("tree/" + i, "1");
    }

    assertThat(changed()).hasSize(101);
  }
}
