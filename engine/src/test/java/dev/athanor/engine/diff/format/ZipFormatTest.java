package dev.athanor.engine.diff.format;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.lines;
import static dev.athanor.engine.diff.Compared.utf8;

import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZipFormatTest {
  private static final LocalDateTime TIME = LocalDateTime.parse("2020-02-02T10:20:30");

  @TempDir Path temp;

  private interface Writing {
    void to(ZipOutputStream zip) throws IOException;
  }

  private static byte[] zip(Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      writing.to(zip);
    }
    return out.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes, LocalDateTime time)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(time);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    entry(zip, name, utf8(text), TIME);
  }

  @Test
  void entries_areComparedByName() throws IOException {
    byte[] before =
        zip(zip -> {
          entry(zip, "gone", "12345");
          entry(zip, "a", "one\n");
          entry(zip, "same", "same");
        });
    byte[] after =
        zip(zip -> {
          entry(zip, "a", "two\n");
          entry(zip, "same", "same");
          entry(zip, "came", "1");
        });
    assertThat(lines(before, after, Formats.GENERAL))
        .containsExactly(
            "gone PRESENCE 7 bytes → ", "a: line 1 TEXT one → two", "came PRESENCE  → 3 bytes")
        .inOrder();
  }

  @Test
  void anotherOrder_isSeen() throws IOException {
    byte[] before =
        zip(zip -> {
          entry(zip, "a", "1");
          entry(zip, "b", "2");
          entry(zip, "c", "3");
        });
    byte[] after =
        zip(zip -> {
          entry(zip, "a", "1");
          entry(zip, "c", "3");
          entry(zip, "b", "2");
        });
    assertThat(lines(before, after, Formats.GENERAL)).containsExactly(" ORDER b, c → c, b");
  }

  @Test
  void times_areSeen_alsoThoseInExtraFields() throws IOException {
    byte[] before = zip(zip -> entry(zip, "a", utf8("1"), TIME));
    byte[] after = zip(zip -> entry(zip, "a", utf8("1"), TIME.plusHours(1)));
    assertThat(lines(before, after, Formats.GENERAL))
        .containsExactly("a: mtime TIME 2020-02-02 10:20:30 → 2020-02-02 11:20:30");

    List<String> found =
        lines(
            withTimes("2024-01-01T00:00:00Z"), withTimes("2024-01-01T00:00:01Z"), Formats.GENERAL);
    assertThat(found)
        .containsExactly("a: local unix atime TIME 2024-01-01T00:00:00Z → 2024-01-01T00:00:01Z");
  }

  private static byte[] withTimes(String accessed) throws IOException {
    return zip(zip -> {
      ZipEntry entry = new ZipEntry("a");
      entry.setLastModifiedTime(FileTime.from(Instant.parse("2024-01-01T00:00:00Z")));
      entry.setLastAccessTime(FileTime.from(Instant.parse(accessed)));
      zip.putNextEntry(entry);
      zip.closeEntry();
    });
  }

  @Test
  void commentsAndLevels_areSeen() throws IOException {
    String text = "abcdefgh".repeat(500) + "hgfedcba".repeat(500);
    byte[] before = zip(zip -> entry(zip, "a", text));
    byte[] after =
        zip(zip -> {
          zip.setComment("hello");
          zip.setLevel(1);
          entry(zip, "a", text);
        });
    List<String> found = lines(before, after, Formats.GENERAL);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst()).isEqualTo("comment VALUE  → hello");
    assertThat(found.getLast()).matches("a ENCODING \\d+ bytes → \\d+ bytes");
  }

  @Test
  void storedAndDeflated_areTheSameInside() throws IOException {
    byte[] before = zip(zip -> entry(zip, "a", "1"));
    byte[] after =
        zip(zip -> {
          ZipEntry entry = new ZipEntry("a");
          entry.setTimeLocal(TIME);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(1);
          CRC32 crc = new CRC32();
          crc.update('1');
          entry.setCrc(crc.getValue());
          zip.putNextEntry(entry);
          zip.write('1');
          zip.closeEntry();
        });
    assertThat(lines(before, after, Formats.GENERAL)).contains("a ENCODING deflated → stored");
  }

  @Test
  void zipsInZips_areComparedToo() throws IOException {
    byte[] before = zip(zip -> entry(zip, "in.jar", zip(in -> entry(in, "x", "1\n")), TIME));
    byte[] after = zip(zip -> entry(zip, "in.jar", zip(in -> entry(in, "x", "2\n")), TIME));
    assertThat(lines(before, after, Formats.GENERAL))
        .containsExactly("in.jar: x: line 1 TEXT 1 → 2");
  }

  @Test
  void zipsOfInfoZip_haveModesAndOwners() throws Exception {
    Peer zip = Peer.find("zip");
    Path file = Files.writeString(temp.resolve("file"), "text");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-01T00:00:00Z")));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    var _ = zip.run("-jX", temp.resolve("one.zip").toString(), file.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    var _ = zip.run("-jX", temp.resolve("two.zip").toString(), file.toString());
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-01T00:00:10Z")));
    var _ = zip.run("-j", temp.resolve("three.zip").toString(), file.toString());

    byte[] one = Files.readAllBytes(temp.resolve("one.zip"));
    byte[] two = Files.readAllBytes(temp.resolve("two.zip"));
    byte[] three = Files.readAllBytes(temp.resolve("three.zip"));
    assertThat(lines(one, two, Formats.GENERAL)).containsExactly("file: mode MODE 100644 → 100700");
    assertThat(String.join("\n", lines(two, three, Formats.GENERAL)))
        .contains("file: unix mtime TIME  → 2024-01-01T00:00:10Z");
    assertThat(String.join("\n", lines(two, three, Formats.GENERAL)))
        .contains("file: uid OWNER  → ");
  }

  @Test
  void aZipBehindAProgram_isFoundByItsEnd() throws IOException {
    byte[] zip = zip(it -> entry(it, "a", "1"));
    byte[] behind = new byte[100 + zip.length];
    System.arraycopy(zip, 0, behind, 100, zip.length);
    var directory = ZipDirectory.read(Data.of(behind));
    assertThat(directory.members()).hasSize(1);
  }

  @Test
  void damage_neverThrows() throws IOException {
    Compared.damaged(
        zip(zip -> {
          entry(zip, "a", "1234567890".repeat(10));
          entry(zip, "b", "other");
        }),
        Formats.GENERAL);
    Compared.damaged(withTimes("2024-01-01T00:00:01Z"), Formats.GENERAL);
  }
}
