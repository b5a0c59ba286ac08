package dev.athanor.engine.diff.format;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.lines;
import static dev.athanor.engine.diff.Compared.utf8;

import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ar` and `cpio`.
final class ArchiveFormatsTest {
  private static final String LONG_NAME = "a-name-that-is-longer-than-sixteen-bytes.txt";

  @TempDir Path temp;

  private byte[] ar(String name, String flags, String time, String one, String two)
      throws Exception {
    Files.deleteIfExists(temp.resolve(name));
    for (String[] file : new String[][] {{"one.txt", one}, {LONG_NAME, two}}) {
      Path path = Files.writeString(temp.resolve(file[0]), file[1]);
      Files.setLastModifiedTime(path, FileTime.from(Instant.parse(time)));
    }
    var _ =
        Peer.find("ar")
            .run(
                flags,
                temp.resolve(name).toString(),
                temp.resolve("one.txt").toString(),
                temp.resolve(LONG_NAME).toString());
    return Files.readAllBytes(temp.resolve(name));
  }

  @Test
  void members_haveTimesAndContents() throws Exception {
    byte[] before = ar("one.a", "rcU", "2024-01-01T00:00:00Z", "1\n", "long\n");
    byte[] after = ar("two.a", "rcU", "2024-01-02T00:00:00Z", "2\n", "long\n");
    assertThat(lines(before, after, Formats.GENERAL))
        .containsExactly(
            "one.txt: mtime TIME 2024-01-01T00:00:00Z → 2024-01-02T00:00:00Z",
            "one.txt: line 1 TEXT 1 → 2",
            LONG_NAME + ": mtime TIME 2024-01-01T00:00:00Z → 2024-01-02T00:00:00Z")
        .inOrder();
  }

  @Test
  void deterministicArchives_haveNoTimes() throws Exception {
    byte[] before = ar("one.a", "rcD", "2024-01-01T00:00:00Z", "1\n", "long\n");
    byte[] after = ar("two.a", "rcD", "2024-01-02T00:00:00Z", "1\n", "long\n");
    assertThat(lines(before, after, Formats.GENERAL)).isEmpty();
  }

  @Test
  void namesOfBsd_standInTheContents() throws IOException {
    assertThat(lines(bsd("1\n"), bsd("2\n"), Formats.GENERAL))
        .containsExactly("some name: line 1 TEXT 1 → 2");
  }

  private static byte[] bsd(String text) {
    String head =
        String.format(
            Locale.ROOT, "%-16s%-12s%-6s%-6s%-8s%-10d`\n", "#1/12", "0", "0", "0", "644", 14);
    return utf8("!<arch>\n" + head + "some name\0\0\0" + text);
  }

  @Test
  void cpio_isComparedByMembers() throws IOException {
    byte[] before = cpio(1, 0644, "1\n");
    byte[] after = cpio(2, 0755, "2\n");
    assertThat(lines(before, after, Formats.GENERAL))
        .containsExactly(
            "etc/conf: mode MODE 0644 → 0755",
            "etc/conf: mtime TIME 1970-01-01T00:00:01Z → 1970-01-01T00:00:02Z",
            "etc/conf: line 1 TEXT 1 → 2")
        .inOrder();
  }

  private static byte[] cpio(int mtime, int mode, String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    member(out, "etc/conf", mtime, mode, text);
    member(out, "TRAILER!!!", 0, 0, "");
    return out.toByteArray();
  }

  private static void member(
      ByteArrayOutputStream out, String name, int mtime, int mode, String text) throws IOException {
    StringBuilder head = new StringBuilder("070701");
    for (int number :
        new int[] {1, mode, 0, 0, 1, mtime, text.length(), 0, 0, 0, 0, name.length() + 1, 0}) {
      head.append(String.format(Locale.ROOT, "%08X", number));
    }
    out.write(utf8(head + name + "\0"));
    out.write(new byte[-out.size() & 3]);
    out.write(utf8(text));
    out.write(new byte[-out.size() & 3]);
  }

  @Test
  void damage_neverThrows() throws Exception {
    Compared.damaged(cpio(1, 0644, "text"), Formats.GENERAL);
    Compared.damaged(bsd("1\n"), Formats.GENERAL);
    Compared.damaged(ar("one.a", "rcU", "2024-01-01T00:00:00Z", "1\n", "2\n"), Formats.GENERAL);
  }
}
