package dev.athanor.engine.session;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFolderTest {
  private static final Artifact.Derived TREE =
      Artifact.Derived.tree(Label.parseAbsolute("//:t"), "tree");

  @TempDir Path temp;
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private OutputFolder outputs;
  private Path home;

  @BeforeEach
  void start() throws IOException {
    outputs = new OutputFolder(temp.resolve("out"), blobs);
    outputs.create();
    home = temp.resolve("home");
    Files.createDirectories(home.resolve("sub"));
    Files.writeString(home.resolve("mine"), "mine");
  }

  private Content.Tree tree(String path) throws IOException {
    Content file = new Content.File(blobs.put("theirs".getBytes(UTF_8)), false);
    InputRoot root = InputRoot.of(Map.of(RelativePath.of(path), file));
    root.store(blobs);
    return new Content.Tree(root.digest());
  }

  private void assertHomeIsUntouched() throws IOException {
    try (var entries = Files.walk(home)) {
      assertThat(entries.map(entry -> home.relativize(entry).toString()).toList())
          .containsExactly("", "mine", "sub");
    }
    assertThat(Files.readString(home.resolve("mine"))).isEqualTo("mine");
  }

  @Test
  void linkAndDirectoryOfOneName_leadNowhere() throws Exception {
    Digest below = tree(".bashrc").digest();
    Directory.Builder hostile = Directory.newBuilder();
    hostile.addSymlinksBuilder().setName("x").setTarget(home.toString());
    hostile.addDirectoriesBuilder().setName("x").setDigest(Trees.wire(below));
    Content.Tree tree = new Content.Tree(blobs.put(hostile.build().toByteArray()));

    assertThrows(MissingBlobException.class, () -> outputs.show(TREE, tree));

    assertHomeIsUntouched();
  }

  /// Whoever put it there: an earlier build, or another process.
  @Test
  void linkInTheFolder_isNotFollowed() throws Exception {
    for (String link : new String[] {"", "x", "x/y"}) {
      Path path = outputs.path(TREE).resolve(link);
      OutputFolder.delete(outputs.path(TREE));
      Files.createDirectories(path.getParent());
      Files.createSymbolicLink(path, home);

      outputs.show(TREE, tree("x/y/sub/file"));

      assertThat(Files.readString(outputs.path(TREE).resolve("x/y/sub/file"))).isEqualTo("theirs");
      assertThat(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertHomeIsUntouched();
    }
  }

  @Test
  void linkInPlaceOfAnEmptyDirectory_isReplaced() throws Exception {
    Path path = outputs.path(TREE).resolve("empty");
    Files.createDirectories(outputs.path(TREE));
    Files.createSymbolicLink(path, home);
    InputRoot root = InputRoot.of(Map.of(RelativePath.of("empty"), new Content.Tree(Digest.EMPTY)));
    root.store(blobs);

    outputs.show(TREE, new Content.Tree(root.digest()));

    assertThat(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertHomeIsUntouched();
  }
}
