package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.fifo;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.opaque;
import static dev.athanor.oci.layer.Entries.symlink;
import static dev.athanor.oci.layer.Entries.whiteout;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerWriterTest {
  private final MemoryBlobStore store = new MemoryBlobStore();

  @Test
  void write_anyOrder_isCanonical() throws IOException {
    List<Entry> entries =
        new ArrayList<>(
            List.of(
                file("a/z", "z"),
                whiteout("a/y"),
                opaque("a"),
                file("a-b", "x"),
                symlink("a/\u00e9", "z"),
                symlink("a/\ud83d\ude00", "z"),
                symlink("a/\uffee", "z"),
                dir("b", 0700)));

    Layer layer = write(entries, Compression.NONE);

    assertThat(layer.entries().stream().map(LayerWriterTest::shown))
        .containsExactly(
            "Directory /a",
            "File /a-b",
            "Opaque /a",
            "Whiteout /a/y",
            "File /a/z",
            "Symlink /a/\u00e9",
            "Symlink /a/\uffee",
            "Symlink /a/\ud83d\ude00",
            "Directory /b")
        .inOrder();
    Collections.shuffle(entries, new Random(1));
    assertThat(write(entries, Compression.NONE)).isEqualTo(layer);
  }

  @Test
  void write_hardLinks_firstNameCarriesData() throws IOException {
    Layer layer =
        write(List.of(file("m", "data"), link("z", "m"), link("a", "z")), Compression.NONE);

    assertThat(layer.entries())
        .containsExactly(file("a", "data"), link("m", "a"), link("z", "a"))
        .inOrder();
  }

  @ParameterizedTest
  @EnumSource
  void write_manyThreads_sameBytes(Compression compression) throws IOException {
    Digest random = store.put(random(5_000_000));
    List<Entry> entries =
        List.of(
            new Entry.File(Entries.path("big"), Attributes.of(0644), Content.of(random)),
            file("small", "text"));

    Layer one = new LayerWriter(store, store::open, 1).write(entries, compression);
    Layer eight = new LayerWriter(store, store::open, 8).write(entries, compression);

    assertThat(eight).isEqualTo(one);
  }

  @ParameterizedTest
  @EnumSource
  void write_thenRead_isTheSame(Compression compression) throws IOException {
    Layer layer =
        write(
            List.of(
                file("d/f", Entries.owned(06755, 3_000_000, 7, -5), "content"),
                symlink("d/s", "/absolute/../x"),
                link("e", "d/f"),
                device("dev/null", 1, 3),
                fifo("p"),
                whiteout("gone"),
                opaque("d")),
            compression);

    ReadLayer read =
        new LayerReader(store, Limits.DEFAULT).read(layer.digest(), layer.diffId().hash());

    assertThat(read.remarks()).isEmpty();
    assertThat(read.entries().stream().map(LayerWriterTest::stored))
        .containsExactlyElementsIn(layer.entries().stream().map(LayerWriterTest::stored).toList())
        .inOrder();
    Contents contents = new Contents(store, read.packs());
    for (Entry entry : read.entries()) {
      if (entry instanceof Entry.File file) {
        assertThat(new String(contents.read(file.content().digest()), StandardCharsets.UTF_8))
            .isEqualTo("content");
      }
    }
  }

  /// Nothing may depend on whether a layer was just written or had to be read.
  @ParameterizedTest
  @EnumSource(Compression.class)
  void writeAndRead_isWhatTheReaderReads(Compression compression) throws IOException {
    List<Entry> entries =
        List.of(
            file("d/f", Entries.owned(06755, 3_000_000, 7, -5), "content"),
            file("d/again", "content"),
            file("d/nothing", ""),
            file(
                "fraction",
                Attributes.of(0644).withMtime(Instant.ofEpochSecond(-5, 500_000_000)),
                "content of its own"),
            file(
                "x",
                Attributes.of(0644).withXattrs(Map.of(Bytes.utf8("user.a"), Bytes.utf8("b"))),
                "x"),
            symlink("d/s", "/absolute/../x"),
            link("a", "d/f"),
            device("dev/null", 1, 3),
            fifo("p"),
            whiteout("gone"),
            opaque("d"));

    ReadLayer written = new LayerWriter(store, store::open, 2).writeAndRead(entries, compression);

    assertThat(written)
        .isEqualTo(
            new LayerReader(store, Limits.DEFAULT).read(written.digest(), written.diffId().hash()));
  }

  @Test
  void write_twoEntriesForOnePath_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class,
            () -> write(List.of(file("a", "1"), symlink("a", "b")), Compression.NONE));

    assertThat(e).hasMessageThat().isEqualTo("/a: two entries of one layer have this path");
  }

  @Test
  void write_entryBelowFile_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class,
            () -> write(List.of(file("a", "1"), file("a/b", "2")), Compression.NONE));

    assertThat(e).hasMessageThat().contains("/a: is not a directory");
  }

  @Test
  void write_whiteoutName_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class, () -> write(List.of(file("a/.wh.x/y", "1")), Compression.NONE));

    assertThat(e).hasMessageThat().contains("/a/.wh.x/y");
  }

  private Layer write(List<Entry> entries, Compression compression) throws IOException {
    return new LayerWriter(store, store::open, 2).write(entries, compression);
  }

  private static String shown(Entry entry) {
    return entry.getClass().getSimpleName() + " " + entry.path();
  }

  private static Entry stored(Entry entry) {
    return entry instanceof Entry.File(var path, var attributes, var content)
        ? new Entry.File(path, attributes, Content.of(content.digest()))
        : entry;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    for (int i = 0; i < size / 2; i++) {
      bytes[i] = (byte) (i % 50);
    }
    return bytes;
  }
}
