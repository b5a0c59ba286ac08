package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.LayerReaderTest.gzip;
import static dev.athanor.oci.layer.TarBuilder.base256;
import static dev.athanor.oci.layer.TarBuilder.octal;
import static dev.athanor.oci.layer.TarBuilder.put;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.cas.MemoryBlobStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers that lie. Each is refused with a message that says what is wrong and where; none costs
/// more memory than its limit.
class HostileLayerTest {
  private static final Limits SMALL = new Limits(1 << 20, 1 << 18, 100, 20, 4096);

  private final MemoryBlobStore store = new MemoryBlobStore();

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void read_lie_isRefused(String message, byte[] blob) {
    LayerException e = assertThrows(LayerException.class, () -> read(blob));

    assertThat(e).hasMessageThat().isEqualTo("layer test: " + message);
  }

  static Stream<Arguments> lies() throws IOException {
    byte[] good = new TarBuilder().file("a", "x".repeat(5000)).end();
    byte[] packed = gzip(good);
    byte[] badCrc = packed.clone();
    badCrc[packed.length - 5] ^= 1;
    return Stream.of(
        lie("no tar header where one should be, at byte 0", text("PK\3\4 some other file")),
        lie("no tar header where one should be, at byte 1024", damaged()),
        lie("ends inside a header", Arrays.copyOf(good, 100)),
        lie("entry 'a': the tar ends early: 4576 more bytes expected", Arrays.copyOf(good, 936)),
        lie("gzip ends early", Arrays.copyOf(packed, packed.length / 2)),
        lie("gzip ends early", Arrays.copyOf(packed, packed.length - 1)),
        lie("damaged gzip: checksum mismatch", badCrc),
        lie("not gzip", new byte[] {0x1f, (byte) 0x8b, 9, 0, 0}),
        lie("a header whose size is not a number: 12x4 000000", field('0', 124, "12x4\0")),
        lie("a member of -1 bytes", binary(124, -1)),
        lie("a member of 2097152 bytes", binary(124, 2 << 20)),
        lie("a header whose size is beyond all bounds", field('0', 124, "\u00807777777")),
        lie("a header whose mode is not a number: 9", field('0', 100, "9\0\0\0\0\0\0\0")),
        lie("'f': not a uid: -1", uid(-1)),
        lie("'f': not a uid: 4294967295", uid(0xffff_ffffL)),
        lie("entry 'f': a tar member of the unknown type 'M'", tar(t -> t.member('M', "f", ""))),
        lie("a header extension of 5000 bytes", tar(t -> t.extension('x', "x".repeat(5000)))),
        lie("a header extension of 5000 bytes", tar(t -> t.extension('L', "x".repeat(5000)))),
        lie("a PAX record that does not have its length", pax("999 path=x\n")),
        lie("a PAX record that does not have its length", pax("9 path=xy\n")),
        lie("a PAX record that does not have its length", pax("path=x\n")),
        lie("a PAX record that does not have its length", pax("99999999999 path=x\n")),
        lie("a PAX record that does not have its length", pax("-5 path=x\n")),
        lie("a PAX record without a key", pax("7 =abc\n")),
        lie("PAX size is not a number: 1e3", paxFile("size", "1e3")),
        lie("a member of -3 bytes", paxFile("size", "-3")),
        lie("'f': PAX mtime is not a time: soon", paxFile("mtime", "soon")),
        lie("'f': PAX mtime is not a time: 1.x", paxFile("mtime", "1.x")),
        lie("'f': PAX mtime is not a time: 99999999999999999", paxFile("mtime", "9".repeat(17))),
        lie("'f': no tar can hold the attribute name ''", paxFile("SCHILY.xattr.", "x")),
        lie("more than 20 headers", many()),
        lie("entry 'a/.wh.': not a file name, empty: ''", file("a/.wh.")),
        lie("entry '.wh...': not a file name, reserved: '..'", file(".wh...")),
        lie("entry '.wh..': not a file name, reserved: '.'", file(".wh..")),
        lie("entry '.wh.d/x': a whiteout cannot be a directory", file(".wh.d/x")),
        lie("entry './': the root of an image must be a directory", link('2', "./", "etc")),
        lie("entry '..': the root of an image must be a directory", file("..")),
        lie("entry 'l': /l: link target of 0 bytes", link('2', "l", "")),
        lie("entry 'h': the root can only be a directory", link('1', "h", "..")),
        lie(
            "entry 'a\\x00b': not a file name, with a slash or NUL: 'a\\x00b'",
            paxFile("path", "a\0b")),
        lie(
            "entry '"
                + "x".repeat(256)
                + "': not a file name, longer than 255 bytes: '"
                + "x".repeat(256)
                + "'",
            paxFile("path", "x".repeat(256))),
        lie("a sparse file of 9223372036854775807 bytes", sparse("9223372036854775807", "0,0")),
        lie("a sparse file of -1 bytes", sparse("-1", "0,0")),
        lie("a sparse map that contradicts itself", sparse("10", "8,4")),
        lie("a sparse map that contradicts itself", sparse("10", "5,1,3,1")),
        lie("a sparse map that contradicts itself", sparse("10", "0,-1")),
        lie("a sparse map with half a segment", sparse("10", "0,1,2")),
        lie("a sparse map with '' in it", sparse("10", "0,")),
        lie("'f': a sparse map of another size", sparse("10", "0,4")),
        lie("a sparse map that ends early", mapInData("5\n0\n1\n")),
        lie("a sparse map of -1 segments", mapInData("-1\n")),
        lie("a sparse map of 999999999 segments", mapInData("999999999\n")),
        lie("a header whose real size is not a number: 8", field('S', 483, "8")));
  }

  @Test
  void bomb_gzip_isRefusedAtTheLimit() throws IOException {
    byte[] bomb = gzip(new TarBuilder().file("zeros", "\0".repeat(900_000)).end());

    LayerException e = assertThrows(LayerException.class, () -> read(bomb));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "layer test: entry 'zeros': expands to more than 262144 bytes, which is not believed of "
                + bomb.length);
  }

  @Test
  void bomb_zstd_isRefusedAtTheLimit() {
    byte[] bomb = Zstd.compress(new TarBuilder().file("zeros", "\0".repeat(900_000)).end());

    LayerException e = assertThrows(LayerException.class, () -> read(bomb));

    assertThat(e).hasMessageThat().contains("expands to more than");
  }

  @Test
  void bomb_manySparseFiles_areRefusedTogether() {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 5; i++) {
      tar.pax("GNU.sparse.size", "300000", "GNU.sparse.map", "0,0").file("f" + i, "");
    }

    LayerException e = assertThrows(LayerException.class, () -> read(tar.end()));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("layer test: entry 'f3': sparse files of more than 1048576 bytes");
  }

  @Test
  void zstd_damagedOrWithTrash_isRefused() {
    byte[] good = Zstd.compress(new TarBuilder().file("a", "x".repeat(5000)).end());

    LayerException shorter =
        assertThrows(LayerException.class, () -> read(Arrays.copyOf(good, good.length - 3)));
    LayerException longer =
        assertThrows(LayerException.class, () -> read(Arrays.copyOf(good, good.length + 9)));

    assertThat(shorter).hasMessageThat().startsWith("layer test: damaged zstd");
    assertThat(longer).hasMessageThat().startsWith("layer test: damaged zstd");
  }

  private ReadLayer read(byte[] blob) throws IOException {
    return new LayerReader(store, SMALL).read(store.put(blob), "test");
  }

  private static Arguments lie(String message, byte[] blob) {
    return Arguments.of(message, blob);
  }

  private static byte[] tar(java.util.function.UnaryOperator<TarBuilder> build) {
    return build.apply(new TarBuilder()).end();
  }

  private static byte[] text(String text) {
    return Arrays.copyOf(LayerReaderTest.latin1(text), 2000);
  }

  private static byte[] damaged() {
    byte[] tar = new TarBuilder().file("a", "x").file("b", "y").end();
    tar[1024] ^= 1;
    return tar;
  }

  private static byte[] field(char type, int offset, String value) {
    return tar(t -> t.member(type, "f", "", b -> put(b, offset, value)));
  }

  private static byte[] binary(int offset, long value) {
    return tar(t -> t.member('0', "f", "", b -> base256(b, offset, 12, value)));
  }

  private static byte[] uid(long uid) {
    return tar(t -> t.member('0', "f", "", b -> base256(b, 108, 8, uid)));
  }

  private static byte[] pax(String records) {
    return tar(t -> t.extension('x', records).file("f", ""));
  }

  private static byte[] paxFile(String key, String value) {
    return tar(t -> t.pax(key, value).file("f", ""));
  }

  private static byte[] file(String name) {
    return tar(t -> t.file(name, ""));
  }

  private static byte[] link(char type, String name, String target) {
    return tar(t -> t.link(type, name, target));
  }

  private static byte[] sparse(String size, String map) {
    return tar(t -> t.pax("GNU.sparse.size", size, "GNU.sparse.map", map).file("f", "x"));
  }

  private static byte[] mapInData(String map) {
    return tar(t ->
        t.pax("GNU.sparse.major", "1", "GNU.sparse.realsize", "9")
            .file("f", map + "\0".repeat(512 - map.length())));
  }

  private static byte[] many() {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 25; i++) {
      tar.file("f" + octal(i, 3), "");
    }
    return tar.end();
  }
}
