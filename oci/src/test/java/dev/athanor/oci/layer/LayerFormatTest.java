package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.fifo;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.opaque;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.symlink;
import static dev.athanor.oci.layer.Entries.whiteout;

import dev.athanor.engine.cas.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/// Holds the bytes of layers still. `-Dathanor.golden=update` writes the digests anew, which is
/// right only together with a new [LayerFormat#VERSION].
class LayerFormatTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/dev/athanor/oci/layer/layer-format-1.txt");

  @Test
  void bytes_areThoseOfTheVersion() throws IOException {
    String actual = digests(1);

    if ("update".equals(System.getProperty("athanor.golden"))) {
      Files.writeString(GOLDEN, actual);
    }
    assertThat(LayerFormat.VERSION).isEqualTo(1);
    assertThat(actual).isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void bytes_doNotDependOnLocaleZoneOrThreads() throws IOException {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));

      assertThat(digests(8)).isEqualTo(Files.readString(GOLDEN));
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void endOfArchive_isTwoBlocksWithoutPadding() throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();

    Layer empty = new LayerWriter(store, store::open, 1).write(List.of(), Compression.NONE);
    Layer one =
        new LayerWriter(store, store::open, 1).write(List.of(file("a", "x")), Compression.NONE);

    assertThat(empty.diffId().size()).isEqualTo(1024);
    assertThat(one.diffId().size()).isEqualTo(512 + 512 + 1024);
  }

  @Test
  void gzip_hasOneMemberForEachPieceWithAFixedHeader() throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    Layer layer =
        new LayerWriter(store, store::open, 1)
            .write(List.of(file("a", "x".repeat(1 << 20)), file("b", "y")), Compression.GZIP);

    byte[] blob = store.read(layer.digest());

    assertThat(blob[0]).isEqualTo((byte) 0x1f);
    assertThat(
            List.of(
                blob[1], blob[2], blob[3], blob[4], blob[5], blob[6], blob[7], blob[8], blob[9]))
        .containsExactly(
            (byte) 0x8b,
            (byte) 8,
            (byte) 0,
            (byte) 0,
            (byte) 0,
            (byte) 0,
            (byte) 0,
            (byte) 0,
            (byte) 0xff)
        .inOrder();
    // A full piece of header and data, what is left of the file, then the small file and the end.
    assertThat(members(blob)).isEqualTo(3);
  }

  private static String digests(int threads) throws IOException {
    StringBuilder out = new StringBuilder();
    for (var one : cases().entrySet()) {
      MemoryBlobStore store = new MemoryBlobStore();
      List<Entry> entries = new ArrayList<>(one.getValue());
      Collections.shuffle(entries, new Random(threads));
      LayerWriter writer = new LayerWriter(store, store::open, threads);
      for (Compression compression : Compression.values()) {
        out.append(one.getKey()).append(' ').append(compression).append(' ');
        out.append(writer.write(entries, compression).digest()).append('\n');
      }
    }
    return out.toString();
  }

  /// One case for each rule that [LayerFormat] states.
  private static Map<String, List<Entry>> cases() {
    Map<String, List<Entry>> cases = new LinkedHashMap<>();
    cases.put("empty", List.of());
    cases.put("file", List.of(file("usr/bin/hello", 0755, "#!/bin/sh\necho hello\n")));
    cases.put(
        "order", List.of(file("a/z", "1"), file("a-b", "2"), dir("b"), symlink("\u00fc", "a")));
    cases.put("markers", List.of(opaque("d"), whiteout("d/b"), whiteout("d/a"), file("d/-", "x")));
    cases.put("links", List.of(file("m", "data"), link("z", "m"), link("a", "m")));
    cases.put("devices", List.of(device("dev/null", 1, 3), fifo("run/pipe")));
    cases.put(
        "root", List.of(new Entry.Directory(EntryPath.ROOT, owned(01777, 3, 4, 1_700_000_000))));
    cases.put("bigNumbers", List.of(file("f", owned(0644, 3_000_000, 4_294_967_294L, -7), "x")));
    cases.put("longName", List.of(file("d/".repeat(60) + "f".repeat(120), "x")));
    cases.put("rawName", List.of(rawName()));
    cases.put("xattrs", List.of(file("f", xattrs(), "x")));
    cases.put("pieces", List.of(file("big", text(2_500_000)), file("small", text(30_000))));
    return cases;
  }

  private static Entry rawName() {
    byte[] name = {'n', (byte) 0xff, (byte) 0xc3};
    return new Entry.File(EntryPath.of(name), Attributes.of(0644), Content.of("x"));
  }

  private static Attributes xattrs() {
    return Attributes.of(0755)
        .withXattrs(
            Map.of(
                Bytes.utf8("security.capability"), Bytes.of(new byte[] {1, 0, 0, 2, 0, 4}),
                Bytes.utf8("user.x"), Bytes.utf8("y")));
  }

  /// Text that compresses like text.
  private static String text(int length) {
    Random random = new Random(42);
    StringBuilder out = new StringBuilder();
    while (out.length() < length) {
      out.append(Integer.toString(random.nextInt(1000))).append(' ');
    }
    return out.substring(0, length);
  }

  private static int members(byte[] blob) {
    int members = 0;
    for (int i = 0; i + 10 <= blob.length; i++) {
      boolean header =
          blob[i] == 0x1f
              && blob[i + 1] == (byte) 0x8b
              && blob[i + 2] == 8
              && blob[i + 3] == 0
              && blob[i + 9] == (byte) 0xff;
      members += header ? 1 : 0;
    }
    return members;
  }
}
