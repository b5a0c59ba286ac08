package dev.athanor.engine.journal;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("journal");
  }

  private Journal journal() {
    return new Journal(file());
  }

  private static List<Journal.Entry> batch(String... bodies) {
    return Stream.of(bodies).map(body -> new Journal.Entry('t', body.getBytes(UTF_8))).toList();
  }

  private List<String> read() throws IOException {
    List<String> bodies = new ArrayList<>();
    try (JournalSnapshot snapshot = journal().open()) {
      for (JournalSnapshot.Place place : snapshot.places()) {
        bodies.add(new String(snapshot.body(place), UTF_8));
      }
    }
    return bodies;
  }

  @Test
  void append_addsInOrder() throws Exception {
    assertThat(read()).isEmpty();

    journal().append(_ -> batch("one", ""));
    journal().append(_ -> batch("three"));
    journal().append(_ -> batch());

    assertThat(read()).containsExactly("one", "", "three").inOrder();
  }

  @Test
  void replace_whileSomebodyReads_leavesThemTheOldRecords() throws Exception {
    journal().append(_ -> batch("old", "older"));
    try (JournalSnapshot before = journal().open()) {
      journal().replace(_ -> batch("new"));

      assertThat(new String(before.body(before.places().getLast()), UTF_8)).isEqualTo("older");
    }
    assertThat(read()).containsExactly("new");
  }

  /// What kill -9 may leave is a prefix of what was to be written.
  @Test
  void append_tornAnywhere_isThereOrNotAtAll_andTheNextOneFollows() throws Exception {
    journal().append(_ -> batch("first", "second"));
    int whole = (int) Files.size(file());
    journal().append(_ -> batch("third", "a fourth with more bytes"));
    byte[] all = Files.readAllBytes(file());

    for (int kept = 0; kept <= all.length; kept++) {
      Files.write(file(), Arrays.copyOf(all, kept));
      List<String> left = new ArrayList<>();
      if (kept >= whole) {
        left.addAll(List.of("first", "second"));
      }
      if (kept == all.length) {
        left.addAll(List.of("third", "a fourth with more bytes"));
      }
      assertThat(read()).containsExactlyElementsIn(left).inOrder();

      journal().append(_ -> batch("after"));
      left.add("after");
      assertThat(read()).containsExactlyElementsIn(left).inOrder();
    }
  }

  @Test
  void body_damagedOnDisk_isTold_andTheOthersAreWhole() throws Exception {
    journal().append(_ -> batch("first", "second"));
    journal().append(_ -> batch("third"));
    byte[] bytes = Files.readAllBytes(file());
    bytes[Batch.FRAME + Batch.HEADER] ^= 1;
    Files.write(file(), bytes);

    try (JournalSnapshot snapshot = journal().open()) {
      List<JournalSnapshot.Place> places = snapshot.places();
      assertThat(places).hasSize(3);
      assertThrows(DamagedRecordException.class, () -> snapshot.body(places.getFirst()));
      assertThat(new String(snapshot.body(places.get(1)), UTF_8)).isEqualTo("second");
      assertThat(new String(snapshot.body(places.get(2)), UTF_8)).isEqualTo("third");
    }
  }

  @Test
  void append_fromManyThreads_losesNothing() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int writer = 0; writer < 8; writer++) {
      String name = "writer" + writer;
      for (int i = 0; i < 20; i++) {
        expected.add(name + "/" + i);
      }
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 20; i++) {
                  String body = name + "/" + i;
                  try {
                    journal().append(_ -> batch(body));
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(read()).containsExactlyElementsIn(expected);
  }
}
