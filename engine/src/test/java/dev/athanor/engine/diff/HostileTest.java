package dev.athanor.engine.diff;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.utf8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.format.Formats;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// What files may do to a comparison, and what only the machine may.
final class HostileTest {
  private final MemoryBlobStore blobs = new MemoryBlobStore();

  /// Knows everything, and does what it is told.
  private record Told(Comparing comparing) implements Format {
    interface Comparing {
      void compare(Data before, Data after, Place place) throws IOException;
    }

    @Override
    public String name() {
      return "told";
    }

    @Override
    public boolean recognises(Data data) {
      return true;
    }

    @Override
    public void compare(Data before, Data after, Place place) throws IOException {
      comparing.compare(before, after, place);
    }
  }

  private static List<String> linesBy(Told.Comparing comparing) throws IOException {
    return Compared.lines(utf8("one"), utf8("two"), List.of(new Told(comparing)));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void formatsThatFail_endNothing() throws IOException {
    String text = "line 1 TEXT one → two";
    assertThat(
            linesBy((_, _, place) -> {
              place.add(Aspect.VALUE, "1", "2");
              throw new IllegalStateException("a bug");
            }))
        .containsExactly(text);
    assertThat(
            linesBy((_, _, _) -> {
              throw new StackOverflowError();
            }))
        .containsExactly(text);
    Format unsure =
        new Format() {
          @Override
          public String name() {
            return "unsure";
          }

          @Override
          public boolean recognises(Data data) {
            throw new IllegalStateException("a bug");
          }

          @Override
          public void compare(Data before, Data after, Place place) {}
        };
    assertThat(Compared.lines(utf8("one"), utf8("two"), List.of(unsure))).containsExactly(text);
  }

  @Test
  void blobsThatAreNotThere_leaveTheDocument() throws IOException {
    Digest lost = Digester.digest(utf8("lost"));
    assertThat(linesBy((_, _, place) -> place.open(lost).close()))
        .containsExactly("line 1 TEXT one → two");
  }

  @Test
  void machinesThatFail_endTheComparison() throws IOException {
    BlobStore broken =
        new BlobStore() {
          @Override
          public boolean contains(Digest digest) {
            return true;
          }

          @Override
          public InputStream open(Digest digest) throws IOException {
            throw new IOException("the disk is gone");
          }

          @Override
          public BlobWriter write() {
            throw new UnsupportedOperationException();
          }
        };
    Digest blob = Digester.digest(utf8("blob"));
    Told.Comparing opening = (_, _, place) -> place.open(blob).close();
    Told.Comparing unchecked =
        (_, _, place) -> {
          try {
            place.open(blob).close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    for (Told.Comparing comparing : List.of(opening, unchecked)) {
      Comparison comparison = new Comparison(broken, List.of(new Told(comparing)));
      IOException e =
          assertThrows(
              IOException.class,
              () -> comparison.of(List.of(), Data.of(utf8("one")), Data.of(utf8("two"))));
      assertThat(e).hasMessageThat().contains("the disk is gone");
    }
  }

  private Differences spooled(Path folder) throws IOException {
    byte[] before = new byte[3 << 20];
    byte[] after = before.clone();
    after[2 << 20] = 1;
    return new Comparison(blobs, Formats.GENERAL, Limits.DEFAULT, folder)
        .of(List.of(), Data.of(gzip(before)), Data.of(gzip(after)));
  }

  @Test
  void whatIsUnpacked_isKeptWhereTheCallerSays() throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
      Path folder = files.getPath("/work/spool");
      assertThat(spooled(folder).list().getFirst().where())
          .containsExactly("gzip", "byte 0x200000")
          .inOrder();
      try (var left = Files.list(folder)) {
        assertThat(left).isEmpty();
      }
      // A file where the directory should be is no damage of what is compared.
      Path file = Files.writeString(files.getPath("/work/file"), "x");
      assertThrows(IOException.class, () -> spooled(file));
    }
  }

  @Test
  void whatIsNamedManyTimes_isNotComparedManyTimes() throws IOException {
    AtomicLong read = new AtomicLong();
    int size = 1 << 20;
    Told.Comparing many =
        (before, after, place) ->
            Members.compare(
                members(before.slice(0, size - 1)), members(after.slice(0, size - 1)), place);
    byte[] other = new byte[size];
    other[size - 1] = 1;
    Limits limits = new Limits(200, 8, 1 << 20, 3L * size);
    Differences found =
        new Comparison(blobs, List.of(new Told(many)), limits)
            .of(List.of(), counted(new byte[size], read), counted(other, read));
    assertThat(Compared.lines(found)).hasSize(1);
    assertThat(found.list().getFirst().where()).containsExactly("byte 0xfffff");
    assertThat(read.get()).isLessThan(20L * size);
  }

  private static List<Member> members(Data data) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      members.add(Member.plain("m" + i, List::of, data));
    }
    return members;
  }

  private static Data counted(byte[] bytes, AtomicLong read) {
    Data data = Data.of(bytes);
    return new Data() {
      @Override
      public long size() {
        return data.size();
      }

      @Override
      public int read(long at, byte[] into, int offset, int length) throws IOException {
        int n = data.read(at, into, offset, length);
        read.addAndGet(n);
        return n;
      }
    };
  }

  @Test
  void whatNobodyIsTold_isNotUnpacked() throws IOException {
    AtomicInteger unpacked = new AtomicInteger();
    Told.Comparing packed =
        (before, after, place) ->
            Members.compare(packed(before, unpacked), packed(after, unpacked), place);
    Differences found =
        new Comparison(blobs, List.of(new Told(packed)), new Limits(1, 1, 1 << 20))
            .of(List.of(), Data.of(utf8("one")), Data.of(utf8("two")));
    assertThat(found.list()).hasSize(1);
    assertThat(found.leftOut()).isEqualTo(9);
    assertThat(unpacked.get()).isEqualTo(2);
  }

  private static List<Member> packed(Data data, AtomicInteger unpacked) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      members.add(
          new Member(
              "m" + i,
              List::of,
              data,
              "packed",
              it -> {
                unpacked.incrementAndGet();
                return it.open();
              }));
    }
    return members;
  }

  @Test
  void whatIsTakenBack_leavesNoTrace() throws IOException {
    Limits limits = new Limits(200, 8, 1 << 20, 1);
    Differences found =
        new Comparison(blobs, Formats.GENERAL, limits)
            .of(List.of(), Data.of(new byte[] {0, 1}), Data.of(gzip(new byte[] {0, 2})));
    assertThat(found.list().stream().map(Difference::aspect))
        .containsExactly(Aspect.KIND, Aspect.BYTES);
  }
}
