package dev.athanor.engine.tree;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Directories as only an enemy writes them.
final class HostileTreesTest {
  private final MemoryBlobStore blobs = new MemoryBlobStore();

  private Directory.Builder withFile(String name) throws IOException {
    Directory.Builder directory = Directory.newBuilder();
    directory
        .addFilesBuilder()
        .setName(name)
        .setDigest(Trees.wire(blobs.put("salt".getBytes(UTF_8))));
    return directory;
  }

  private Digest put(Directory.Builder directory) throws IOException {
    return blobs.put(directory.build().toByteArray());
  }

  private Digest nested(int depth) throws IOException {
    Digest tree = put(withFile("f"));
    for (int i = 0; i < depth; i++) {
      Directory.Builder above = Directory.newBuilder();
      above.addDirectoriesBuilder().setName("d").setDigest(Trees.wire(tree));
      tree = put(above);
    }
    return tree;
  }

  private void assertLost(Digest tree) throws IOException {
    assertThat(Trees.isHere(new Content.Tree(tree), blobs)).isFalse();
    assertThrows(MissingBlobException.class, () -> Trees.leaves(tree, blobs));
    assertThrows(
        MissingBlobException.class,
        () -> Trees.addBlobs(new Content.Tree(tree), blobs, new HashSet<>()));
  }

  @Test
  void nameThatIsThereTwice_isDamage() throws Exception {
    Digest below = put(withFile(".bashrc"));
    Directory.Builder link = Directory.newBuilder();
    link.addSymlinksBuilder().setName("x").setTarget("/home/me");
    link.addDirectoriesBuilder().setName("x").setDigest(Trees.wire(below));
    assertLost(put(link));

    Directory.Builder files = withFile("x");
    files.addFiles(files.getFiles(0));
    assertLost(put(files));

    Directory.Builder mixed = withFile("x");
    mixed.addSymlinksBuilder().setName("x").setTarget("y");
    assertLost(put(mixed));
  }

  @Test
  void nameThatLeadsElsewhere_isDamage() throws Exception {
    for (String name : List.of("", ".", "..", "a/b", "/etc", "a\0b")) {
      assertLost(put(withFile(name)));
      Directory.Builder link = Directory.newBuilder();
      link.addSymlinksBuilder().setName(name).setTarget("y");
      assertLost(put(link));
      Directory.Builder directory = Directory.newBuilder();
      directory
          .addDirectoriesBuilder()
          .setName(name)
          .setDigest(Trees.wire(put(Directory.newBuilder())));
      assertLost(put(directory));
    }
  }

  @Test
  void whatIsNoDigest_orNoDirectory_isDamage() throws Exception {
    Directory.Builder cut = Directory.newBuilder();
    cut.addFilesBuilder().setName("f").getDigestBuilder().setHash("abc");
    assertLost(put(cut));
    Directory.Builder negative = withFile("f");
    negative.getFilesBuilder(0).getDigestBuilder().setSizeBytes(-1);
    assertLost(put(negative));
    Directory.Builder none = Directory.newBuilder();
    none.addDirectoriesBuilder().setName("d");
    assertLost(put(none));
    assertLost(blobs.put("no message at all".getBytes(UTF_8)));
  }

  @Test
  void treeWithoutABottom_isDamage() throws Exception {
    assertThat(Trees.leaves(nested(Trees.MAX_DEPTH), blobs)).hasSize(1);
    assertLost(nested(Trees.MAX_DEPTH + 1));
    assertLost(nested(50_000));
  }
}
