package dev.athanor.engine.tree;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InputRootTest {
  private static final Content FILE =
      new Content.File(Digester.digest("salt".getBytes(UTF_8)), false);

  @Test
  void digest_doesNotDependOnOrder() {
    List<String> paths =
        List.of("a", "a.b", "a/b", "b/c/d", "b/c-d", "zebra", "\ud83d\ude00", "\uffee");
    Digest expected = null;
    for (int seed = 0; seed < 20; seed++) {
      List<String> shuffled = new ArrayList<>(paths.subList(1, paths.size()));
      Collections.shuffle(shuffled, new Random(seed));
      Map<RelativePath, Content> contents = new LinkedHashMap<>();
      shuffled.forEach(path -> contents.put(RelativePath.of(path), FILE));

      Digest digest = InputRoot.of(contents).digest();

      expected = expected == null ? digest : expected;
      assertThat(digest).isEqualTo(expected);
    }
  }

  /// The bytes are a contract with every remote cache: this is the digest of one `Directory` with
  /// one file.
  @Test
  void digest_isThatOfTheRemoteExecutionApi() {
    InputRoot root =
        InputRoot.of(Map.of(RelativePath.of("f"), new Content.File(Digest.EMPTY, true)));

    byte[] directory = root.directories().getLast();
    assertThat(new String(directory, UTF_8)).contains(Digest.EMPTY.hex());
    assertThat(directory).hasLength(2 + 3 + 2 + 66 + 2);
    assertThat(root.digest()).isEqualTo(Digester.digest(directory));
  }

  @Test
  void of_fileBelowFile_isRefused() {
    Map<RelativePath, Content> contents =
        Map.of(RelativePath.of("a"), FILE, RelativePath.of("a/b"), FILE);

    assertThrows(UserException.class, () -> InputRoot.of(contents));
  }

  @Test
  void capture_thenLeaves_roundTrips() throws IOException {
    try (FileSystem files =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder().setAttributeViews("basic", "posix").build())) {
      Path root = files.getPath("/root");
      Files.createDirectories(root.resolve("dir/empty"));
      Files.writeString(root.resolve("plain"), "salt");
      Files.writeString(root.resolve("dir/tool"), "mercury");
      Files.setPosixFilePermissions(
          root.resolve("dir/tool"), PosixFilePermissions.fromString("rwxr-x---"));
      Files.createSymbolicLink(root.resolve("link"), files.getPath("../elsewhere"));
      MemoryBlobStore blobs = new MemoryBlobStore();

      Content content = Trees.capture(root, blobs);

      Map<RelativePath, Content> leaves = Trees.leaves(((Content.Tree) content).digest(), blobs);
      assertThat(leaves.keySet().stream().map(RelativePath::text).toList())
          .containsExactly("dir/empty", "dir/tool", "link", "plain")
          .inOrder();
      assertThat(leaves).containsEntry(RelativePath.of("plain"), FILE);
      assertThat(leaves)
          .containsEntry(RelativePath.of("link"), new Content.Symlink("../elsewhere"));
      assertThat(leaves)
          .containsEntry(
              RelativePath.of("dir/tool"),
              new Content.File(Digester.digest("mercury".getBytes(UTF_8)), true));
    }
  }

  @Test
  void relativePath_refusesWhatCouldLeaveTheRoot() {
    for (String bad : List.of("/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a\0b")) {
      assertThrows(UserException.class, () -> RelativePath.of(bad), bad);
    }
  }

  @Test
  void utf8Order_isThatOfTheBytes() {
    String supplementary = "\ud83d\ude00";
    String high = "\uffee";
    assertThat(supplementary).isLessThan(high);

    assertThat(Utf8Order.INSTANCE.compare(supplementary, high)).isGreaterThan(0);
  }
}
