package dev.athanor.engine.diff.format;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.lines;
import static dev.athanor.engine.diff.Compared.utf8;

import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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

  /// As many entries as there are names, all of which lead to the one header of `zip`.
  private static byte[] shared(byte[] zip, int entries) {
    int end = zip.length - 22;
    ByteBuffer last = ByteBuffer.wrap(zip, end, 22).slice().order(ByteOrder.LITTLE_ENDIAN);
    int size = last.getInt(12);
    ByteBuffer out =
        ByteBuffer.allocate(zip.length + (entries - 1) * size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(zip, 0, end);
    for (int i = 1; i < entries; i++) {
      out.put(zip, end - size, size);
    }
    last.putShort(8, (short) entries).putShort(10, (short) entries).putInt(12, entries * size);
    return out.put(last).array();
  }

  private static byte[] withLocalExtra(String text) throws IOException {
    byte[] zip = zip(it -> entry(it, "a", text));
    int extra = 65_000;
    ByteBuffer out = ByteBuffer.allocate(zip.length + extra).order(ByteOrder.LITTLE_ENDIAN);
    out.put(zip, 0, 31).putShort((short) 0xcafe).putShort((short) (extra - 4));
    out.position(31 + extra).put(zip, 31, zip.length - 31).putShort(28, (short) extra);
    int end = out.capacity() - 22;
    return out.putInt(end + 16, out.getInt(end + 16) + extra).array();
  }

  @Test
  void entriesThatShareBytes_areNotAnArchive() throws IOException {
    byte[] before = withLocalExtra("one\n");
    byte[] after = withLocalExtra("two\n");
    assertThat(lines(before, after, Formats.GENERAL)).containsExactly("a: line 1 TEXT one → two");
    assertThat(lines(shared(before, 2), shared(after, 2), Formats.GENERAL).getFirst())
        .startsWith("byte 0x");
    // With a copy of the header for each, these would be 4 GB.
    assertThat(lines(shared(before, 30_000), shared(after, 30_000), Formats.GENERAL).getFirst())
        .startsWith("byte 0x");
  }

  @Test
  void localHeaders_areReadWhenSomebodyAsks() throws IOException {
    byte[] zip = withLocalExtra("one\n");
    AtomicLong read = new AtomicLong();
    Data data = Data.of(zip);
    ZipDirectory directory =
        ZipDirectory.read(
            new Data() {
              @Override
              public long size() {
                return data.size();
              }

              @Override
              public int read(long at, byte[] into, int offset, int length) throws IOException {
                // The end is looked for in all of it, from its start on.
                read.addAndGet(at > 0 && at < 1000 ? length : 0);
                return data.read(at, into, offset, length);
              }
            });
    assertThat(read.get()).isLessThan(1000);
    assertThat(directory.members().getFirst().header().fields().getLast().name())
        .isEqualTo("local extra 0xcafe");
    assertThat(read.get()).isGreaterThan(60_000);
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
