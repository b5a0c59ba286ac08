package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The choice between ustar and PAX, field by field.
class TarHeaderTest {
  @Test
  void header_thatFits_isOneUstarBlock() {
    byte[] blocks =
        new TarHeader(TarHeader.FILE, "a/b")
            .attributes(
                Attributes.of(04755, 2_097_151, 1, Instant.ofEpochSecond(8_589_934_591L, 999)))
            .size(8_589_934_591L)
            .blocks();

    assertThat(blocks).hasLength(512);
    assertThat(text(blocks, 0, 100)).isEqualTo("a/b");
    assertThat(text(blocks, 100, 56))
        .isEqualTo("0004755|7777777|0000001|77777777777|77777777777|010102|");
    assertThat(text(blocks, 257, 8)).isEqualTo("ustar|00");
    assertThat(text(blocks, 265, 247)).isEqualTo("|0000000|0000000");
  }

  @Test
  void numbers_beyondUstar_arePaxRecords() {
    byte[] blocks =
        new TarHeader(TarHeader.FILE, "a")
            .attributes(Attributes.of(0, 2_097_152, 4_294_967_294L, Instant.ofEpochMilli(-1)))
            .size(1L << 33)
            .blocks();

    assertThat(pax(blocks))
        .isEqualTo("18 gid=4294967294\n12 mtime=-1\n19 size=8589934592\n15 uid=2097152\n");
    assertThat(text(blocks, 1024 + 108, 40)).isEqualTo("0000000|0000000|00000000000|00000000000");
  }

  @Test
  void paxHeader_isAlwaysTheSame() {
    byte[] blocks =
        new TarHeader(TarHeader.FILE, "x".repeat(101)).attributes(Attributes.of(0600)).blocks();

    assertThat(text(blocks, 0, 157))
        .isEqualTo("PaxHeader|0000644|0000000|0000000|00000000157|00000000000|011104|x");
  }

  @Test
  void longName_isSplitAtTheFirstSlashThatHelps() {
    String name = "d/".repeat(77) + "e/" + "f".repeat(98);

    byte[] blocks = new TarHeader(TarHeader.FILE, name).blocks();

    assertThat(blocks).hasLength(512);
    assertThat(text(blocks, 0, 100)).isEqualTo("e/" + "f".repeat(98));
    assertThat(text(blocks, 345, 155)).isEqualTo("d/".repeat(76) + "d");
    assertThat(new TarBlock(blocks).name()).isEqualTo(name);
  }

  @Test
  void longName_withoutSuchASlash_isPax() {
    String name = "d/" + "f".repeat(101);

    byte[] blocks = new TarHeader(TarHeader.FILE, name).blocks();

    assertThat(pax(blocks)).isEqualTo("113 path=" + name + "\n");
    assertThat(text(blocks, 1024, 101)).startsWith(name.substring(0, 100));
  }

  @Test
  void longDirectory_keepsItsSlash() {
    String name = "a/" + "b".repeat(99) + "/";

    byte[] blocks = new TarHeader(TarHeader.DIRECTORY, name).blocks();

    assertThat(new TarBlock(blocks).name()).isEqualTo(name);
    assertThat(blocks).hasLength(512);
  }

  @Test
  void utf8Name_isPax_butOtherBytesAreNot() {
    byte[] utf8 = new TarHeader(TarHeader.FILE, latin1("ü")).link(latin1("ö")).blocks();
    byte[] other = new TarHeader(TarHeader.FILE, "\u00fc").link("\u00f6").blocks();

    assertThat(pax(utf8)).isEqualTo(latin1("15 linkpath=ö\n11 path=ü\n"));
    assertThat(text(utf8, 1024, 10)).isEqualTo("__");
    assertThat(text(utf8, 1024 + 157, 10)).isEqualTo("__");
    assertThat(other).hasLength(512);
    assertThat(other[0]).isEqualTo((byte) 0xfc);
    assertThat(other[157]).isEqualTo((byte) 0xf6);
  }

  @Test
  void xattrs_areSortedPaxRecordsOfAnyBytes() {
    byte[] blocks =
        new TarHeader(TarHeader.FILE, "a")
            .attributes(
                Attributes.of(0)
                    .withXattrs(
                        Map.of(
                            Bytes.utf8("user.b"), Bytes.of(new byte[] {'\n', 0, (byte) 0xff}),
                            Bytes.utf8("user.a"), Bytes.utf8("1"))))
            .blocks();

    assertThat(pax(blocks))
        .isEqualTo("25 SCHILY.xattr.user.a=1\n27 SCHILY.xattr.user.b=\n\0\u00ff\n");
  }

  @Test
  void paxLength_countsItsOwnDigits() {
    byte[] blocks = new TarHeader(TarHeader.SYMLINK, "a").link("x".repeat(985)).blocks();

    assertThat(pax(blocks)).isEqualTo("999 linkpath=" + "x".repeat(985) + "\n");
    assertThat(pax(new TarHeader(TarHeader.SYMLINK, "a").link("x".repeat(986)).blocks()))
        .isEqualTo("1001 linkpath=" + "x".repeat(986) + "\n");
  }

  /// The field in Latin-1, each run of NULs inside shown as one bar.
  private static String text(byte[] blocks, int offset, int length) {
    return new String(blocks, offset, length, StandardCharsets.ISO_8859_1)
        .replaceAll("\0+$", "")
        .replaceAll("\0 ?", "|")
        .replaceAll("\\|+", "|");
  }

  private static String pax(byte[] blocks) {
    assertThat((char) blocks[156]).isEqualTo('x');
    int size = (int) new TarBlock(blocks).number("size", 124, 12);
    return new String(blocks, 512, size, StandardCharsets.ISO_8859_1);
  }

  private static String latin1(String text) {
    return Bytes.utf8(text).latin1();
  }
}
