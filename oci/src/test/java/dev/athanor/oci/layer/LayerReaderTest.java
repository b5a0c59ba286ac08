package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.TarBuilder.base256;
import static dev.athanor.oci.layer.TarBuilder.octal;
import static dev.athanor.oci.layer.TarBuilder.put;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.digest.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of tar that is in use, and every way to wrap it.
class LayerReaderTest {
  @TempDir Path temporary;

  private final MemoryBlobStore store = new MemoryBlobStore();

  @Test
  void v7_hasNoMagicAndMarksDirectoriesBySlash() throws IOException {
    byte[] tar =
        new TarBuilder()
            .member('\0', "d/", "", LayerReaderTest::v7)
            .member('\0', "d/f", "data", LayerReaderTest::v7)
            .end();

    assertThat(shown(tar)).containsExactly("d0644 /d", "-0644 /d/f data").inOrder();
  }

  @Test
  void ustar_joinsPrefixAndName() throws IOException {
    byte[] tar = new TarBuilder().member('0', "f", "x", b -> put(b, 345, "some/prefix")).end();

    assertThat(shown(tar)).containsExactly("-0644 /some/prefix/f x");
  }

  @Test
  void star_keepsTimesBehindAShorterPrefix() throws IOException {
    byte[] tar =
        new TarBuilder()
            .member(
                '0',
                "f",
                "x",
                b -> {
                  put(b, 345, "prefix");
                  put(b, 345 + 131, "00000000001 00000000002 ");
                  put(b, 508, "tar\0");
                })
            .end();

    assertThat(shown(tar)).containsExactly("-0644 /prefix/f x");
  }

  @Test
  void gnu_longNamesAndBinaryNumbers() throws IOException {
    String name = "n".repeat(150);
    byte[] tar =
        new TarBuilder()
            .extension('L', name + "\0")
            .extension('K', "t".repeat(120) + "\0")
            .member('2', "short", "", LayerReaderTest::gnu)
            .member(
                '0',
                "big",
                "abc",
                b -> {
                  gnu(b);
                  base256(b, 108, 8, 3_000_000);
                  base256(b, 124, 12, 3);
                  base256(b, 136, 12, -5);
                  put(b, 345, "00000000000 00000000000 ");
                })
            .end();

    List<Entry> entries = read(tar).entries();

    assertThat(shown(tar)).contains("l0644 /" + name + " " + "t".repeat(120));
    Entry.File big = (Entry.File) entries.get(1);
    assertThat(big.path()).isEqualTo(EntryPath.parse("big"));
    assertThat(big.attributes())
        .isEqualTo(Attributes.of(0644, 3_000_000, 0, Instant.ofEpochSecond(-5)));
    assertThat(big.content().size()).isEqualTo(3);
  }

  @Test
  void gnu_volumeLabelAndDumpDirectory() throws IOException {
    byte[] tar =
        new TarBuilder()
            .member('V', "label", "")
            .member('D', "d/", "Yfile\0\0")
            .file("d/file", "x")
            .end();

    assertThat(shown(tar)).containsExactly("d0644 /d", "-0644 /d/file x").inOrder();
  }

  @Test
  void pax_overridesTheHeader() throws IOException {
    byte[] tar =
        new TarBuilder()
            .pax(
                "path",
                "long/\u00ff\u00fe",
                "uid",
                "4000000",
                "gid",
                "5",
                "mtime",
                "1000.75",
                "size",
                "3",
                "SCHILY.xattr.user.raw",
                "a=\0\n\u00ff",
                "comment",
                "none")
            .member('0', "x", "abc", b -> put(b, 124, octal(0, 11)))
            .pax("linkpath", "over/there", "mtime", "-1.25", "LIBARCHIVE.xattr.user%2Eb", "YmM")
            .link('2', "s", "here")
            .end();

    ReadLayer layer = read(tar);

    Entry.File file = (Entry.File) layer.entries().get(0);
    assertThat(file.path().bytes()).isEqualTo(latin1("long/\u00ff\u00fe"));
    assertThat(file.attributes().uid()).isEqualTo(4_000_000);
    assertThat(file.attributes().mtime()).isEqualTo(Instant.ofEpochMilli(1_000_750));
    assertThat(file.attributes().xattrs())
        .containsExactly(Bytes.utf8("user.raw"), Bytes.of(latin1("a=\0\n\u00ff")));
    Entry.Symlink link = (Entry.Symlink) layer.entries().get(1);
    assertThat(link.target()).isEqualTo(Bytes.utf8("over/there"));
    assertThat(link.attributes().mtime()).isEqualTo(Instant.ofEpochMilli(-1250));
    assertThat(link.attributes().xattrs()).containsExactly(Bytes.utf8("user.b"), Bytes.utf8("bc"));
  }

  @Test
  void pax_globalRecordsLastUntilOverriddenOrTakenBack() throws IOException {
    byte[] tar =
        new TarBuilder()
            .global("uid", "7", "SCHILY.xattr.user.g", "1")
            .file("a", "")
            .pax("uid", "8", "SCHILY.xattr.user.g", "")
            .file("b", "")
            .global("uid", "")
            .file("c", "")
            .end();

    List<Attributes> attributes =
        read(tar).entries().stream().map(e -> ((Entry.File) e).attributes()).toList();

    assertThat(attributes.stream().map(Attributes::uid)).containsExactly(7L, 8L, 0L).inOrder();
    assertThat(attributes.stream().map(a -> a.xattrs().size())).containsExactly(1, 0, 1).inOrder();
  }

  @Test
  void sparse_inAllFourFormats_isExpanded() throws IOException {
    String expanded = "\0\0\0ab\0\0\0\0\0cd\0";
    byte[] tar =
        new TarBuilder()
            .member(
                'S',
                "gnu",
                "abcd",
                b -> {
                  gnu(b);
                  put(b, 386, octal(3, 11) + "\0" + octal(2, 11) + "\0");
                  put(b, 386 + 24, octal(10, 11) + "\0" + octal(2, 11) + "\0");
                  put(b, 483, octal(13, 11) + "\0");
                })
            .pax(
                "GNU.sparse.size",
                "13",
                "GNU.sparse.numblocks",
                "2",
                "GNU.sparse.offset",
                "3",
                "GNU.sparse.numbytes",
                "2",
                "GNU.sparse.offset",
                "10",
                "GNU.sparse.numbytes",
                "2")
            .file("v00", "abcd")
            .pax("GNU.sparse.size", "13", "GNU.sparse.map", "3,2,10,2", "GNU.sparse.name", "v01")
            .file("GNUSparseFile.0/v01", "abcd")
            .pax(
                "GNU.sparse.major",
                "1",
                "GNU.sparse.minor",
                "0",
                "GNU.sparse.name",
                "v10",
                "GNU.sparse.realsize",
                "13")
            .file("GNUSparseFile.0/v10", "2\n3\n2\n10\n2\n" + "\0".repeat(501) + "abcd")
            .file("after", "x")
            .end();

    assertThat(shown(tar))
        .containsExactly(
            "-0644 /gnu " + expanded,
            "-0644 /v00 " + expanded,
            "-0644 /v01 " + expanded,
            "-0644 /v10 " + expanded,
            "-0644 /after x")
        .inOrder();
  }

  @Test
  void sparse_oldGnuWithMoreBlocks_isExpanded() throws IOException {
    StringBuilder data = new StringBuilder();
    byte[] extension = new byte[512];
    for (int i = 0; i < 3; i++) {
      put(extension, 24 * i, octal(100L + i, 11) + "\0" + octal(1, 11) + "\0");
    }
    TarBuilder tar = new TarBuilder();
    byte[] first =
        new TarBuilder()
            .member(
                'S',
                "f",
                "",
                b -> {
                  gnu(b);
                  for (int i = 0; i < 4; i++) {
                    put(b, 386 + 24 * i, octal(2L * i, 11) + "\0" + octal(1, 11) + "\0");
                  }
                  put(b, 124, octal(7, 11));
                  b[482] = 1;
                  put(b, 483, octal(200, 11) + "\0");
                })
            .bytes();
    data.append("0246abc");
    byte[] bytes = tar.raw(first).raw(extension).data(data.toString()).end();

    String content = shown(bytes).getFirst().substring("-0644 /f ".length());

    assertThat(content).hasLength(200);
    assertThat(content.replace("\0", "")).isEqualTo("0246abc");
    assertThat(content.indexOf("abc")).isEqualTo(100);
  }

  @Test
  void linksAndDirectories_haveNoData_whateverTheirSizeSays() throws IOException {
    byte[] tar =
        new TarBuilder()
            .file("f", "x")
            .member(
                '1',
                "h",
                "",
                b -> {
                  put(b, 157, "./f");
                  put(b, 124, octal(1000, 11));
                })
            .member('5', "d", "", b -> put(b, 124, octal(1000, 11)))
            .member('7', "contiguous", "y")
            .end();

    assertThat(shown(tar))
        .containsExactly("-0644 /f x", "h0644 /h /f", "d0644 /d", "-0644 /contiguous y")
        .inOrder();
  }

  @Test
  void devicesAndPipes_areRead() throws IOException {
    byte[] tar =
        new TarBuilder()
            .member(
                '3',
                "c",
                "",
                b -> {
                  put(b, 329, octal(1, 7));
                  put(b, 337, octal(3, 7));
                })
            .member('4', "b", "", b -> put(b, 329, octal(8, 7)))
            .member('6', "p", "")
            .end();

    assertThat(shown(tar)).containsExactly("n0644 /c c1:3", "n0644 /b b8:0", "p0644 /p").inOrder();
  }

  @Test
  void markers_areWhiteoutsAndOpaque() throws IOException {
    byte[] tar =
        new TarBuilder()
            .file("a/.wh.b", "")
            .file(".wh.c", "ignored")
            .file("a/.wh..wh..opq", "")
            .file(".wh..wh..opq", "")
            .file(".wh..wh.aufs", "")
            .member('5', ".wh..wh.plnk/", "")
            .file(".wh..wh.plnk/1.2", "x")
            .end();

    assertThat(read(tar).entries())
        .containsExactly(
            Entries.whiteout("a/b"),
            Entries.whiteout("c"),
            Entries.opaque("a"),
            new Entry.Opaque(EntryPath.ROOT))
        .inOrder();
  }

  @Test
  void xattrs_ofHostAndOverlay_areNotKept() throws IOException {
    byte[] tar =
        new TarBuilder()
            .pax(
                "SCHILY.xattr.security.selinux", "label",
                "SCHILY.xattr.trusted.overlay.opaque", "y",
                "SCHILY.xattr.user.overlay.opaque", "y",
                "SCHILY.xattr.user.rootlesscontainers", "x",
                "SCHILY.xattr.system.nfs4_acl", "x",
                "SCHILY.xattr.security.capability", "\1")
            .file("f", "")
            .end();

    assertThat(((Entry.File) read(tar).entries().getFirst()).attributes().xattrs().keySet())
        .containsExactly(Bytes.utf8("security.capability"));
  }

  @Test
  void oddNames_areTakenInsideAndRemarkedOn() throws IOException {
    byte[] tar =
        new TarBuilder()
            .member('5', "./", "")
            .file("/abs", "")
            .file("../../up", "")
            .file("./a", "")
            .file("a", "")
            .bytes();

    ReadLayer layer = read(tar);

    assertThat(layer.entries().stream().map(e -> e.path().toString()))
        .containsExactly("/", "/abs", "/up", "/a", "/a")
        .inOrder();
    assertThat(layer.remarks())
        .containsExactly(
            "entry '/abs': an absolute name, taken as /abs",
            "entry '../../up': a name with '..', taken as /up",
            "entry 'a': a second entry for this path",
            "the tar has no end marker")
        .inOrder();
  }

  @Test
  void bytesAfterTheEnd_areHashedAndRemarkedOn() throws IOException {
    byte[] tar = new TarBuilder().file("a", "x").raw(new byte[10240]).data("junk").bytes();

    ReadLayer layer = read(tar);

    assertThat(layer.diffId()).isEqualTo(Digester.digest(tar));
    assertThat(layer.remarks()).containsExactly("there are bytes after the end of the tar");
  }

  @Test
  void emptyBlob_isALayerWithoutEntries() throws IOException {
    assertThat(read(new byte[0]).entries()).isEmpty();
  }

  @Test
  void gzip_ofManyMembersWithHeaderFieldsAndTrash() throws IOException {
    byte[] tar = new TarBuilder().file("a", "x".repeat(100_000)).end();
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    blob.writeBytes(withHeaderFields(gzip(Arrays.copyOf(tar, 5000))));
    blob.writeBytes(gzip(new byte[0]));
    blob.writeBytes(gzip(Arrays.copyOfRange(tar, 5000, tar.length)));
    blob.writeBytes(new byte[100]);
    blob.writeBytes(latin1("trash"));

    ReadLayer layer = read(blob.toByteArray());

    assertThat(layer.diffId()).isEqualTo(Digester.digest(tar));
    assertThat(layer.digest()).isEqualTo(Digester.digest(blob.toByteArray()));
  }

  /// The end of a member, and what follows it, at each place relative to the reader's buffer.
  @Test
  void gzip_membersAtAnyBufferBoundary() throws IOException {
    byte[] tar = new TarBuilder().file("a", "x").end();
    byte[] second = gzip(Arrays.copyOfRange(tar, 512, tar.length));
    for (int shift = 0; shift < 40; shift++) {
      byte[] first = withName(gzip(Arrays.copyOf(tar, 512)), 65_536 - 80 + shift);
      byte[] blob = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, blob, first.length, second.length);

      assertThat(read(blob).diffId()).isEqualTo(Digester.digest(tar));
    }
  }

  @Test
  void zstd_ofManyFrames() throws IOException {
    byte[] tar = new TarBuilder().file("a", "x".repeat(100_000)).end();
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    blob.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3});
    blob.writeBytes(Zstd.compress(Arrays.copyOf(tar, 5000)));
    blob.writeBytes(Zstd.compress(Arrays.copyOfRange(tar, 5000, tar.length)));

    ReadLayer layer = read(blob.toByteArray());

    assertThat(layer.diffId()).isEqualTo(Digester.digest(tar));
  }

  @Test
  void plainBlobInStore_isItsOwnPack() throws IOException {
    byte[] tar = new TarBuilder().file("a", "content").end();
    Digest blob = store.put(tar);

    ReadLayer layer = new LayerReader(store, Limits.DEFAULT).read(blob, blob.hash());

    assertThat(layer.packs().getFirst().data()).isEqualTo(blob);
    assertThat(store.digests()).hasSize(2);
    try (Contents contents = new Contents(store, layer.packs())) {
      assertThat(contents.read(Digester.digest(latin1("content")))).isEqualTo(latin1("content"));
    }
  }

  @Test
  void otherDiffId_isRefused() throws IOException {
    Digest blob = store.put(gzip(new TarBuilder().file("a", "x").end()));
    Sha256 other = Digest.EMPTY.hash();

    LayerException e =
        assertThrows(
            LayerException.class, () -> new LayerReader(store, Limits.DEFAULT).read(blob, other));

    assertThat(e).hasMessageThat().contains("layer " + blob.hex() + ": diffID mismatch");
  }

  @Test
  void damagedBlob_isCalledDamaged() throws IOException {
    byte[] good = gzip(new TarBuilder().file("a", "x".repeat(5000)).end());
    Digest digest = Digester.digest(good);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    byte[] shorter = Arrays.copyOf(good, good.length - 1);

    for (byte[] bad : List.of(flipped, longer, shorter)) {
      CorruptBlobException e =
          assertThrows(
              CorruptBlobException.class,
              () ->
                  new LayerReader(new LyingStore(digest, bad), Limits.DEFAULT)
                      .read(digest, Digest.EMPTY.hash()));
      assertThat(e)
          .hasMessageThat()
          .startsWith(bad.length == good.length ? "digest mismatch" : "size mismatch");
    }
  }

  /// What is inflated at once must not be told from what is streamed.
  @Test
  void gzipInAFile_isReadTheSame() throws IOException {
    FileBlobStore files = new FileBlobStore(temporary);
    byte[] tar = new TarBuilder().file("a", "x".repeat(100_000)).end();
    byte[] one = gzip(tar);
    byte[] half = gzip(new TarBuilder().file("a", "twice").end());
    byte[] twice = Arrays.copyOf(half, 2 * half.length);
    System.arraycopy(half, 0, twice, half.length, half.length);
    byte[] trash = Arrays.copyOf(one, one.length + 600);

    for (byte[] blob : List.of(one, twice, trash, withHeaderFields(one), gzip(new byte[0]))) {
      ReadLayer streamed = read(blob);
      Digest digest = files.put(blob);

      ReadLayer layer =
          new LayerReader(files, Limits.DEFAULT).read(digest, streamed.diffId().hash());

      assertThat(layer).isEqualTo(streamed);
    }
  }

  @Test
  void damagedGzipInAFile_isCalledDamaged() throws IOException {
    FileBlobStore files = new FileBlobStore(temporary);
    byte[] good = gzip(new TarBuilder().file("a", "x".repeat(5000)).end());
    Digest digest = files.put(good);
    for (int at : List.of(5, good.length / 2, good.length - 6)) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(temporary.resolve(digest.hex()), bad);

      assertThrows(
          CorruptBlobException.class,
          () -> new LayerReader(files, Limits.DEFAULT).read(digest, digest.hash()));
    }
  }

  private ReadLayer read(byte[] blob) throws IOException {
    return new LayerReader(store, Limits.DEFAULT).read(store.put(blob), "test");
  }

  /// One line for each entry: kind, mode, path, and content or target.
  private List<String> shown(byte[] blob) throws IOException {
    ReadLayer layer = read(blob);
    List<String> lines = new ArrayList<>();
    try (Contents contents = new Contents(store, layer.packs())) {
      for (Entry entry : layer.entries()) {
        lines.add(shown(entry, contents));
      }
    }
    return lines;
  }

  private static String shown(Entry entry, Contents contents) throws IOException {
    return switch (entry) {
      case Entry.Directory(var path, var a) -> line('d', a, path);
      case Entry.File(var path, var a, var content) ->
          line('-', a, path)
              + " "
              + new String(contents.read(content.digest()), StandardCharsets.ISO_8859_1);
      case Entry.Symlink(var path, var a, var target) -> line('l', a, path) + " " + target;
      case Entry.HardLink(var path, var a, var target) -> line('h', a, path) + " " + target;
      case Entry.Device(var path, var a, var number) -> line('n', a, path) + " " + number;
      case Entry.Fifo(var path, var a) -> line('p', a, path);
      case Entry.Whiteout(var path) -> "whiteout " + path;
      case Entry.Opaque(var path) -> "opaque " + path;
    };
  }

  private static String line(char kind, Attributes attributes, EntryPath path) {
    return kind + octal(attributes.mode(), 4) + " " + path;
  }

  private static void v7(byte[] block) {
    Arrays.fill(block, 257, 512, (byte) 0);
  }

  private static void gnu(byte[] block) {
    put(block, 257, "ustar  \0");
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /// With an extra field, a name, a comment and a header checksum that nobody checks.
  private static byte[] withHeaderFields(byte[] gzip) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(gzip, 0, 3);
    out.write(2 + 4 + 8 + 16);
    out.write(gzip, 4, 6);
    out.writeBytes(latin1("\4\0abcdname\0comment\0\0\0"));
    out.write(gzip, 10, gzip.length - 10);
    return out.toByteArray();
  }

  private static byte[] withName(byte[] gzip, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(gzip, 0, 3);
    out.write(8);
    out.write(gzip, 4, 6);
    out.writeBytes(latin1("n".repeat(length) + "\0"));
    out.write(gzip, 10, gzip.length - 10);
    return out.toByteArray();
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
