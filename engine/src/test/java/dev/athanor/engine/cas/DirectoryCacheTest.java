package dev.athanor.engine.cas;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.session.OutputFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is found under a digest, whoever puts it there.
final class DirectoryCacheTest {
  private static final Digest DIGEST = Digester.digest("directory".getBytes(UTF_8));

  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/cache/trees");
  private final DirectoryCache cache = new DirectoryCache(root, OutputFolder::delete);

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(root);
  }

  private static void fill(Path directory, String text) throws IOException {
    Files.writeString(directory.resolve("file"), text);
  }

  private Path home() {
    return root.resolve(DIGEST.hex());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void get_fillsOnce() throws Exception {
    Path first = cache.get(DIGEST, directory -> fill(directory, "1"));
    Path second = cache.get(DIGEST, directory -> fill(directory, "2"));

    assertThat(second).isEqualTo(first);
    assertThat(Files.readString(second.resolve("file"))).isEqualTo("1");
    assertThat(names()).containsExactly(DIGEST.hex());
  }

  /// Somebody may show that one's directory to a command by now.
  @Test
  void get_anotherProcessIsFaster_itsDirectoryStays() throws Exception {
    DirectoryCache other = new DirectoryCache(root, OutputFolder::delete);

    Path mine =
        cache.get(
            DIGEST,
            directory -> {
              try {
                var _ = other.get(DIGEST, theirs -> fill(theirs, "theirs"));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              fill(directory, "mine");
            });

    assertThat(Files.readString(mine.resolve("file"))).isEqualTo("theirs");
    assertThat(names()).containsExactly(DIGEST.hex());
  }

  @Test
  void get_somethingWithoutContent_isReplaced() throws Exception {
    Files.createDirectories(home().resolve("tree"));

    Path made = cache.get(DIGEST, directory -> fill(directory, "1"));

    assertThat(Files.readString(made.resolve("file"))).isEqualTo("1");
    assertThat(names()).containsExactly(DIGEST.hex());
  }

  @Test
  void get_notesThatItIsUsed() throws Exception {
    var _ = cache.get(DIGEST, directory -> fill(directory, "1"));
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
    Files.setLastModifiedTime(home(), before);

    var _ = cache.get(DIGEST, directory -> fill(directory, "2"));

    assertThat(Files.getLastModifiedTime(home())).isGreaterThan(before);
  }

  @Test
  void trim_letsGoWhatWasNotUsedForLong() throws Exception {
    var _ = cache.get(DIGEST, directory -> fill(directory, "1"));
    Files.createDirectories(root.resolve("tmp-left"));
    cache.trim(Duration.ofDays(1));
    assertThat(names()).hasSize(2);

    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(home(), old);
    Files.setLastModifiedTime(root.resolve("tmp-left"), old);
    cache.trim(Duration.ofDays(1));

    assertThat(names()).isEmpty();
  }
}
