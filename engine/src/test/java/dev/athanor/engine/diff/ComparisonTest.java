package dev.athanor.engine.diff;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.utf8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private final MemoryBlobStore blobs = new MemoryBlobStore();

  private Content file(String text) throws IOException {
    return new Content.File(blobs.put(utf8(text)), false);
  }

  private Content tree(Map<String, Content> paths) throws IOException {
    Map<RelativePath, Content> children = new HashMap<>();
    paths.forEach((path, content) -> children.put(RelativePath.of(path), content));
    InputRoot root = InputRoot.of(children);
    root.store(blobs);
    return new Content.Tree(root.digest());
  }

  private List<String> lines(Content before, Content after) throws IOException {
    return Compared.lines(new Comparison(blobs, List.of()).of(before, after));
  }

  @Test
  void sameContents_giveNothing() throws IOException {
    Content tree = tree(Map.of("a/b", file("1"), "c", new Content.Symlink("a")));
    assertThat(new Comparison(blobs, List.of()).of(tree, tree).isEmpty()).isTrue();
  }

  @Test
  void trees_areComparedEntryByEntry() throws IOException {
    Content.File old = (Content.File) file("old");
    Content before =
        tree(
            Map.of(
                "bin/run", old,
                "gone", file("x"),
                "kind", file("x"),
                "link", new Content.Symlink("here"),
                "same/er", file("s")));
    Content after =
        tree(
            Map.of(
                "bin/run", new Content.File(old.digest(), true),
                "came/file", file("x"),
                "kind", new Content.Symlink("x"),
                "link", new Content.Symlink("there"),
                "same/er", file("t")));

    assertThat(lines(before, after))
        .containsExactly(
            "bin/run MODE not executable → executable",
            "came PRESENCE  → directory",
            "gone PRESENCE file → ",
            "kind KIND file → symlink",
            "link TARGET here → there",
            "same/er: line 1 TEXT s → t")
        .inOrder();
  }

  @Test
  void differentKinds_differInKind() throws IOException {
    assertThat(lines(file("x"), tree(Map.of()))).containsExactly(" KIND file → directory");
  }

  @Test
  void filesNamedByTheirDigest_areToldOnlyWhereNothingElseIs() throws IOException {
    Content.File one = (Content.File) file("one");
    Content.File two = (Content.File) file("two");
    Map<String, Content> before = new HashMap<>(Map.of("blobs/" + one.digest().hex(), one));
    Map<String, Content> after = new HashMap<>(Map.of("blobs/" + two.digest().hex(), two));

    assertThat(lines(tree(before), tree(after)))
        .containsExactly(
            "blobs/" + one.digest().hex() + " PRESENCE file → ",
            "blobs/" + two.digest().hex() + " PRESENCE  → file");

    before.put("index", file("1"));
    after.put("index", file("2"));
    assertThat(lines(tree(before), tree(after))).containsExactly("index: line 1 TEXT 1 → 2");
  }

  @Test
  void bytes_areShownInWindows() throws IOException {
    byte[] before = new byte[1000];
    byte[] after = before.clone();
    after[0x21] = 'A';
    after[0x200] = 'B';

    assertThat(Compared.lines(before, after, List.of()))
        .containsExactly(
            """
            byte 0x21 BYTES \
            00000010  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000020  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000030  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000040  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................| → \
            00000010  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000020  00 41 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |.A..............|
            00000030  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000040  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|\
            """,
            """
            byte 0x200 BYTES \
            000001f0  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000200  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000210  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000220  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................| → \
            000001f0  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000200  42 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |B...............|
            00000210  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|
            00000220  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|\
            """);
  }

  @Test
  void bytesThatGoOn_areSeen() throws IOException {
    Differences found = Compared.of(new byte[64], new byte[65], List.of());
    assertThat(found.list()).hasSize(1);
    assertThat(found.list().getFirst().where()).containsExactly("byte 0x40");
  }

  @Test
  void manyDifferences_areCounted() throws IOException {
    Map<String, Content> before = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      before.put("f" + i, file("x"));
    }
    Differences found = new Comparison(blobs, List.of()).of(tree(before), tree(Map.of()));
    assertThat(found.list()).hasSize(200);
    assertThat(found.leftOut()).isEqualTo(100);
  }

  @Test
  void controlCharacters_areEscaped() throws IOException {
    assertThat(Compared.lines(utf8("a\u001b[31mb"), utf8("ab"), List.of()))
        .containsExactly("line 1 TEXT a\\x1b[31mb → ab");
  }

  /// A file of 64 MB with one other byte, while the heap has room for few copies of a part of it.
  @Test
  void largeFiles_takeLittleMemory() throws IOException {
    Data before = new Large(64 << 20, -1);
    Data after = new Large(64 << 20, 50 << 20);
    Differences found = new Comparison(blobs, List.of()).of(List.of("big"), before, after);
    assertThat(found.list()).hasSize(1);
    assertThat(found.list().getFirst().where()).containsExactly("big", "byte 0x3200000");
    assertThat(Large.most).isAtMost(1 << 20);
  }

  /// Zeros, and a one at `one`; remembers how much was ever asked for at once.
  private record Large(long size, long one) implements Data {
    private static int most;

    @Override
    public int read(long at, byte[] into, int offset, int length) {
      most = Math.max(most, into.length);
      int n = (int) Math.min(length, size - at);
      Arrays.fill(into, offset, offset + n, (byte) 0);
      if (one >= at && one < at + n) {
        into[offset + (int) (one - at)] = 1;
      }
      return n;
    }
  }

  @Test
  void missingBlobs_areToldToTheCaller() throws IOException {
    Digest lost = Digester.digest(utf8("lost"));
    assertThrows(MissingBlobException.class, () -> lines(file("x"), new Content.File(lost, false)));
  }
}
