package dev.athanor.cli.migrate;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TreeWalkTest {
  private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = disk.getPath("/tree");

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(root);
  }

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  /// A folder that cannot be listed is told of by this alone, before the walk enters it.
  @Test
  void folderThatCannotBeListed_isTold_andTheWalkGoesOn() throws IOException {
    TreeWalk walk = new TreeWalk(root);

    FileVisitResult next = fail(walk, root.resolve("locked"));

    assertThat(next).isEqualTo(FileVisitResult.CONTINUE);
    assertThat(walk.left.keySet()).containsExactly(root.resolve("locked"));
  }

  @Test
  void folderThatIsLeftOut_mayBeUnreadable() throws IOException {
    TreeWalk walk = new TreeWalk(root);

    assertThat(fail(walk, root.resolve(".git"))).isEqualTo(FileVisitResult.CONTINUE);
    assertThat(fail(walk, root.resolve("dist"))).isEqualTo(FileVisitResult.CONTINUE);
    assertThat(walk.left).isEmpty();
  }

  @Test
  void folderThatIsLeftOut_isNotEntered() throws IOException {
    Path hidden = Files.createDirectory(root.resolve(".git"));

    assertThat(
            new TreeWalk(root)
                .preVisitDirectory(hidden, Files.readAttributes(hidden, BasicFileAttributes.class)))
        .isEqualTo(FileVisitResult.SKIP_SUBTREE);
  }

  private static FileVisitResult fail(TreeWalk walk, Path folder) throws IOException {
    return walk.visitFileFailed(folder, new AccessDeniedException(folder.toString()));
  }
}
