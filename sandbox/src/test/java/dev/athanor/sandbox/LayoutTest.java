package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayoutTest {
  @TempDir Path temp;
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private Path root;
  private Path home;
  private Layout layout;

  @BeforeEach
  void start() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    home = Files.createDirectory(temp.resolve("home"));
    layout = new Layout(root, blobs, false);
  }

  private Content.File file() throws IOException {
    return new Content.File(blobs.put("theirs".getBytes(UTF_8)), false);
  }

  private void assertHomeIsEmpty() throws IOException {
    try (var entries = Files.list(home)) {
      assertThat(entries.toList()).isEmpty();
    }
  }

  @Test
  void linkAndDirectoryOfOneName_leadNowhere() throws Exception {
    Directory.Builder below = Directory.newBuilder();
    below.addFilesBuilder().setName(".bashrc").setDigest(Trees.wire(file().digest()));
    Directory.Builder hostile = Directory.newBuilder();
    hostile.addSymlinksBuilder().setName("x").setTarget(home.toString());
    hostile
        .addDirectoriesBuilder()
        .setName("x")
        .setDigest(Trees.wire(blobs.put(below.build().toByteArray())));
    Content.Tree tree = new Content.Tree(blobs.put(hostile.build().toByteArray()));

    assertThrows(MissingBlobException.class, () -> layout.put(root.resolve("tree"), tree));

    assertHomeIsEmpty();
  }

  @Test
  void linkOnTheWay_isNotFollowed() throws Exception {
    layout.put(root.resolve("x"), new Content.Symlink(home.toString()));

    assertThrows(IOException.class, () -> layout.put(root.resolve("x/file"), file()));
    assertThrows(IOException.class, () -> layout.put(root.resolve("x/y/file"), file()));

    assertHomeIsEmpty();
  }
}
