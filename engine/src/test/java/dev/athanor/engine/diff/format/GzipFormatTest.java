package dev.athanor.engine.diff.format;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.lines;
import static dev.athanor.engine.diff.Compared.utf8;

import com.google.common.io.BaseEncoding;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.Limits;
import dev.athanor.engine.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GzipFormatTest {
  @TempDir Path temp;

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private byte[] byGzip(String text, Instant time, String... flags)
      throws IOException, InterruptedException {
    Path file = temp.resolve("file");
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(time));
    String[] args = new String[flags.length + 2];
    System.arraycopy(flags, 0, args, 0, flags.length);
    args[flags.length] = "-kf";
    args[flags.length + 1] = file.toString();
    var _ = Peer.find("gzip").run(args);
    return Files.readAllBytes(temp.resolve("file.gz"));
  }

  @Test
  void theInside_isAFileOfItsOwn() throws IOException {
    assertThat(lines(gzip(utf8("one\n")), gzip(utf8("two\n")), Formats.GENERAL))
        .containsExactly("gzip: line 1 TEXT one → two");
    assertThat(lines(gzip(gzip(utf8("{\"a\":1}"))), gzip(gzip(utf8("{\"a\":2}"))), Formats.GENERAL))
        .containsExactly("gzip: gzip: $.a VALUE 1 → 2");
  }

  @Test
  void theTime_isThatOfTheHeader() throws Exception {
    byte[] before = byGzip("text", Instant.parse("2024-01-01T00:00:00Z"));
    byte[] after = byGzip("text", Instant.parse("2030-01-01T00:00:00Z"));
    assertThat(lines(before, after, Formats.GENERAL))
        .containsExactly("gzip: mtime TIME 2024-01-01T00:00:00Z → 2030-01-01T00:00:00Z");
  }

  @Test
  void theName_isAValue() throws Exception {
    Instant time = Instant.parse("2024-01-01T00:00:00Z");
    assertThat(lines(byGzip("text", time), byGzip("text", time, "-n"), Formats.GENERAL))
        .containsExactly(
            "gzip: flags ENCODING 8 → 0",
            "gzip: mtime TIME 2024-01-01T00:00:00Z → none",
            "gzip: name VALUE file → ")
        .inOrder();
  }

  @Test
  void theSameInside_packedInAnotherWay_isEncoding() throws Exception {
    String text = "abcdefgh".repeat(1000) + "hgfedcba".repeat(1000);
    Instant time = Instant.parse("2024-01-01T00:00:00Z");
    List<String> found = lines(byGzip(text, time, "-1"), byGzip(text, time, "-9"), Formats.GENERAL);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst()).isEqualTo("gzip: level ENCODING fastest → best");
    assertThat(found.getLast()).matches("gzip ENCODING \\d+ bytes → \\d+ bytes");
  }

  @Test
  void wrappedOnOneSideOnly_isComparedByItsInside() throws IOException {
    assertThat(lines(utf8("one\n"), gzip(utf8("two\n")), Formats.GENERAL))
        .containsExactly(" ENCODING plain → gzip", "line 1 TEXT one → two");
  }

  @Test
  void truncated_isComparedAsBytes() throws IOException {
    byte[] whole = gzip(utf8("text".repeat(100)));
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThat(lines(whole, half, Formats.GENERAL).getFirst()).startsWith("byte 0x");
  }

  @Test
  void bombs_areNotUnpacked() throws IOException {
    byte[] zeros = new byte[1 << 20];
    byte[] ones = new byte[1 << 20];
    Arrays.fill(ones, (byte) 1);
    var limits = new Limits(200, 8, 1 << 20);
    var found =
        new Comparison(new MemoryBlobStore(), Formats.GENERAL, limits)
            .of(List.of(), Data.of(gzip(zeros)), Data.of(gzip(ones)));
    assertThat(found.list().getFirst().where().getFirst()).startsWith("byte ");
  }

  @Test
  void tooDeep_isComparedAsBytes() throws IOException {
    byte[] before = utf8("one");
    byte[] after = utf8("two");
    for (int i = 0; i < 12; i++) {
      before = gzip(before);
      after = gzip(after);
    }
    var found = Compared.of(before, after, Formats.GENERAL).list();
    assertThat(found.getFirst().where()).hasSize(9);
    assertThat(found.getFirst().aspect()).isEqualTo(Difference.Aspect.BYTES);
  }

  @Test
  void damage_neverThrows() throws IOException {
    Compared.damaged(gzip(utf8("some text to compress ".repeat(20))), Formats.GENERAL);
    Compared.damaged(
        BaseEncoding.base16()
            .decode("1F8B081E00000000000003" + "0400" + "41424344" + "4100" + "4200"),
        Formats.GENERAL);
  }
}
