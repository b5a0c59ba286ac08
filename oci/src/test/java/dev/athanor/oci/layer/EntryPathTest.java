package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {
  @ParameterizedTest
  @ValueSource(strings = {"..", "a/..", "./a", "a/./b", "a//b", "//a", "a//", "a\0b", "a/\0"})
  void parse_notAPath_isRefused(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> EntryPath.parse(text));

    assertThat(e).hasMessageThat().startsWith("not a file name");
  }

  @ParameterizedTest
  @CsvSource({"a/b,/a/b", "/a/b,/a/b", "/a/b/,/a/b", "...,/...", "/,/", "'',/", "-x/ü,/-x/ü"})
  void parse_path_isShownAbsolute(String text, String shown) {
    assertThat(EntryPath.parse(text).toString()).isEqualTo(shown);
  }

  @Test
  void parse_tooLong_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> EntryPath.parse("x".repeat(256)));
    assertThrows(
        IllegalArgumentException.class, () -> EntryPath.parse("0123456/".repeat(511) + "01234567"));
    assertThat(EntryPath.parse("0123456/".repeat(511) + "0123456").names()).hasSize(512);
    assertThrows(IllegalArgumentException.class, () -> EntryPath.parse("x/".repeat(512) + "x"));
  }

  @Test
  void resolve_tooLongOrTooDeep_isRefused() {
    EntryPath deep = EntryPath.parse("d/".repeat(EntryPath.MAX_NAMES));
    EntryPath wide = EntryPath.parse("0123456789/".repeat(200));

    var deeper = assertThrows(LayerException.class, () -> deep.resolve(EntryName.parse("d")));
    var longer = assertThrows(LayerException.class, () -> wide.resolve(wide));

    assertThat(deeper).hasMessageThat().startsWith("path of more than 512 names: d/d/d/");
    assertThat(longer).hasMessageThat().startsWith("path longer than 4095 bytes: 0123456789/");
  }

  @Test
  void of_bytesThatAreNotUtf8_comeBack() {
    byte[] name = {'a', '/', (byte) 0xff, (byte) 0x80};

    EntryPath path = EntryPath.of(name);

    assertThat(path.bytes()).isEqualTo(name);
    assertThat(path.toString()).isEqualTo("/a/\\xff\\x80");
    assertThat(path.name().bytes()).isEqualTo(new byte[] {(byte) 0xff, (byte) 0x80});
  }

  @Test
  void compareTo_isByUnsignedBytes() {
    // In UTF-16 the surrogates of U+1F600 come before U+FFEE.
    assertThat(EntryPath.parse("\uffee")).isLessThan(EntryPath.parse("\ud83d\ude00"));
    assertThat(EntryPath.parse("z")).isLessThan(EntryPath.of(new byte[] {(byte) 0x80}));
    assertThat(EntryPath.parse("a")).isLessThan(EntryPath.parse("a-b"));
    assertThat(EntryPath.parse("a-b")).isLessThan(EntryPath.parse("a/b"));
  }

  @ParameterizedTest
  @CsvSource({
    "../../x,/x",
    "/abs/x,/abs/x",
    "./a/./b/,/a/b",
    "a//b,/a/b",
    "a/../../b,/b",
    "..,/",
    ".,/",
    "./,/",
    "/,/",
    ".hidden/.x,/.hidden/.x",
    "a/..b,/a/..b"
  })
  void clean_nameFromATar_staysInside(String name, String path) {
    assertThat(EntryPath.clean(name).toString()).isEqualTo(path);
  }

  @Test
  void parentAndName_ofRoot_doNotExist() {
    assertThrows(IllegalStateException.class, EntryPath.ROOT::parent);
    assertThrows(IllegalStateException.class, EntryPath.ROOT::name);
    assertThat(EntryPath.parse("a/b").parent()).isEqualTo(EntryPath.parse("a"));
    assertThat(EntryPath.parse("a").parent()).isEqualTo(EntryPath.ROOT);
  }
}
