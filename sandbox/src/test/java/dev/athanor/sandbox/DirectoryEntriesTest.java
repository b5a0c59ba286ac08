package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
final class DirectoryEntriesTest {
  private static final int LENGTH = 16;

  private static ByteBuffer entries(String... names) {
    ByteBuffer all = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
    for (String name : names) {
      int start = all.position();
      int length = (19 + name.length() + 1 + 7) / 8 * 8;
      all.putLong(name.hashCode()).putLong(start + length).putShort((short) length);
      all.put((byte) 8).put(name.getBytes(UTF_8));
      all.position(start + length);
    }
    return all.flip().slice().order(ByteOrder.nativeOrder());
  }

  private static byte[] bytes(ByteBuffer entries) {
    byte[] bytes = new byte[entries.limit()];
    entries.get(0, bytes);
    return bytes;
  }

  private static List<String> reordered(String... names) {
    ByteBuffer entries = entries(names);
    DirectoryEntries.reorder(MemorySegment.ofBuffer(entries), true);
    List<String> after = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    for (int at = 0; at < entries.limit(); at += entries.getShort(at + LENGTH)) {
      int end = at + 19;
      while (entries.get(end) != 0) {
        end++;
      }
      byte[] name = new byte[end - at - 19];
      entries.get(at + 19, name);
      after.add(new String(name, UTF_8));
      places.add(entries.getLong(at + 8));
      assertThat(entries.getLong(at)).isEqualTo(after.getLast().hashCode());
    }
    assertThat(places).isInOrder();
    return after;
  }

  @Test
  void order_isTheSame_whateverTheKernels() {
    List<String> order = List.of("long-name-of-a-file", "c", "b", "..", ".");

    assertThat(reordered(".", "..", "b", "long-name-of-a-file", "c")).isEqualTo(order);
    assertThat(reordered("c", "..", ".", "b", "long-name-of-a-file")).isEqualTo(order);
  }

  @Test
  void order_isNeverTheKernels() {
    assertThat(reordered(".", "..", "c", "b", "a")).containsExactly(".", "..", "a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 18, 25, 4096, 0xffff})
  void lengths_thatCannotBe_leaveAllAsItIs(int length) {
    ByteBuffer entries = entries("a", "b", "c");
    entries.putShort(2 * 24 + LENGTH, (short) length);
    byte[] before = bytes(entries);

    DirectoryEntries.reorder(MemorySegment.ofBuffer(entries), true);

    assertThat(bytes(entries)).isEqualTo(before);
  }
}
