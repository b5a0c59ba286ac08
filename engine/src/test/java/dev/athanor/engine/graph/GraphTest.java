package dev.athanor.engine.graph;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GraphTest {
  private final Graph graph = new Graph();

  /// Sums a number and the values of the numbers that `edges` lists for it.
  private record Sum(int number, Map<Integer, List<Integer>> edges, AtomicInteger computed)
      implements Key<Integer> {
    @Override
    public Integer compute(Evaluation evaluation) throws InterruptedException {
      computed.incrementAndGet();
      List<Sum> keys =
          edges.getOrDefault(number, List.of()).stream()
              .map(n -> new Sum(n, edges, computed))
              .toList();
      return number + evaluation.getAll(keys).stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public boolean equals(Object that) {
      return that instanceof Sum sum && sum.number == number;
    }

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public String toString() {
      return "sum " + number;
    }
  }

  @Test
  void get_sharedDependency_isComputedOnce() throws InterruptedException {
    AtomicInteger computed = new AtomicInteger();
    Map<Integer, List<Integer>> edges = Map.of(1, List.of(2, 3), 2, List.of(4), 3, List.of(4));

    assertThat(graph.get(new Sum(1, edges, computed))).isEqualTo(1 + 2 + 3 + 4 + 4);

    assertThat(computed.get()).isEqualTo(4);
  }

  @Test
  void get_cycle_printsThePath() {
    Map<Integer, List<Integer>> edges = Map.of(1, List.of(2, 5), 2, List.of(3), 3, List.of(1));

    CycleException e =
        assertThrows(CycleException.class, () -> graph.get(new Sum(1, edges, new AtomicInteger())));

    assertThat(e).hasMessageThat().containsMatch("sum \\d\\s+sum \\d\\s+sum \\d\\s+sum \\d");
  }

  @RepeatedTest(50)
  void get_manyCyclesAtOnce_allEnd() {
    Map<Integer, List<Integer>> edges = new ConcurrentHashMap<>();
    for (int i = 0; i < 50; i++) {
      edges.put(i, List.of((i + 1) % 50, (i + 7) % 50, (i + 13) % 50));
    }
    List<Sum> keys =
        IntStream.range(0, 50).mapToObj(i -> new Sum(i, edges, new AtomicInteger())).toList();

    assertThrows(CycleException.class, () -> graph.getAll(keys));
  }

  /// A computation is stopped when another one of the same list fails; who waits for it elsewhere
  /// has nothing to do with that.
  @Test
  void get_stoppedElsewhere_isComputedAfresh() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger computed = new AtomicInteger();
    record Slow(CountDownLatch started, AtomicInteger computed) implements Key<Integer> {
      @Override
      public Integer compute(Evaluation evaluation) throws InterruptedException {
        if (computed.incrementAndGet() == 1) {
          started.countDown();
          new CountDownLatch(1).await();
        }
        return 7;
      }
    }
    record Fail(CountDownLatch started) implements Key<Integer> {
      @Override
      public Integer compute(Evaluation evaluation) throws InterruptedException {
        started.await();
        Thread.sleep(20);
        throw new UserException("no");
      }
    }
    Slow slow = new Slow(started, computed);
    CompletableFuture<Integer> other =
        CompletableFuture.supplyAsync(() -> {
          try {
            started.await();
            return graph.get(slow);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    assertThrows(UserException.class, () -> graph.getAll(List.of(new Fail(started), slow)));

    assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void getAll_runsSideBySide() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    record Meet(int number, CountDownLatch both) implements Key<Integer> {
      @Override
      public Integer compute(Evaluation evaluation) throws InterruptedException {
        both.countDown();
        both.await();
        return number;
      }
    }

    assertThat(graph.getAll(List.of(new Meet(1, both), new Meet(2, both))))
        .containsExactly(1, 2)
        .inOrder();
  }

  @Test
  void get_failure_isRemembered() {
    AtomicInteger computed = new AtomicInteger();
    record Fail(AtomicInteger computed) implements Key<String> {
      @Override
      public String compute(Evaluation evaluation) {
        computed.incrementAndGet();
        throw new UserException("no");
      }
    }
    Fail key = new Fail(computed);

    assertThrows(UserException.class, () -> graph.get(key));
    assertThrows(UserException.class, () -> graph.get(key));

    assertThat(computed.get()).isEqualTo(1);
  }

  /// The number that a cell holds.
  private record Cell(String name, Map<String, Integer> cells) implements Leaf<Integer> {
    @Override
    public Integer read(@Nullable Integer previous) {
      return cells.getOrDefault(name, 0);
    }

    @Override
    public boolean equals(Object that) {
      return that instanceof Cell cell && cell.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /// Whether a cell is even.
  private record Even(Cell cell) implements Key<Boolean> {
    @Override
    public Boolean compute(Evaluation evaluation) throws InterruptedException {
      return evaluation.get(cell) % 2 == 0;
    }
  }

  /// One of two cells, as a third one says.
  private record Chosen(Cell which, Cell first, Cell second) implements Key<Integer> {
    @Override
    public Integer compute(Evaluation evaluation) throws InterruptedException {
      return evaluation.get(evaluation.get(new Even(which)) ? first : second);
    }
  }

  @Test
  void refresh_nothingChanged_computesNothing() throws Exception {
    Map<String, Integer> cells = new ConcurrentHashMap<>(Map.of("a", 4));
    Even even = new Even(new Cell("a", cells));
    assertThat(graph.get(even)).isTrue();

    graph.refresh();

    assertThat(graph.get(even)).isTrue();
    assertThat(graph.computed()).isEqualTo(0);
  }

  @Test
  void refresh_equalValue_stopsTheWave() throws Exception {
    Map<String, Integer> cells = new ConcurrentHashMap<>(Map.of("w", 4, "a", 1, "b", 2));
    Chosen chosen = new Chosen(new Cell("w", cells), new Cell("a", cells), new Cell("b", cells));
    assertThat(graph.get(chosen)).isEqualTo(1);

    cells.put("w", 6);
    graph.refresh();

    assertThat(graph.get(chosen)).isEqualTo(1);
    assertThat(graph.computed()).isEqualTo(1);
  }

  @Test
  void refresh_followsNewDependencies() throws Exception {
    Map<String, Integer> cells = new ConcurrentHashMap<>(Map.of("w", 4, "a", 1, "b", 2));
    Chosen chosen = new Chosen(new Cell("w", cells), new Cell("a", cells), new Cell("b", cells));
    var _ = graph.get(chosen);

    cells.put("w", 5);
    graph.refresh();
    assertThat(graph.get(chosen)).isEqualTo(2);
    cells.put("a", 100);
    graph.refresh();
    assertThat(graph.get(chosen)).isEqualTo(2);
    assertThat(graph.computed()).isEqualTo(0);
    cells.put("b", 3);
    graph.refresh();
    assertThat(graph.get(chosen)).isEqualTo(3);
  }

  @Test
  void refresh_failureThatIsMended_isComputedAgain() throws Exception {
    Map<String, Integer> cells = new ConcurrentHashMap<>(Map.of("a", -1));
    record Root(Cell cell) implements Key<Integer> {
      @Override
      public Integer compute(Evaluation evaluation) throws InterruptedException {
        int value = evaluation.get(cell);
        if (value < 0) {
          throw new UserException("negative");
        }
        return value * value;
      }
    }
    Root root = new Root(new Cell("a", cells));
    assertThrows(UserException.class, () -> graph.get(root));

    cells.put("a", 3);
    graph.refresh();

    assertThat(graph.get(root)).isEqualTo(9);
  }

  /// After any edit the values are those of a graph that starts from nothing.
  @Test
  void refresh_randomEdits_equalAFreshGraph() throws Exception {
    Random random = new Random(7);
    Map<String, Integer> cells = new ConcurrentHashMap<>();
    for (int round = 0; round < 300; round++) {
      cells.put("c" + random.nextInt(6), random.nextInt(4));
      graph.refresh();
      Graph fresh = new Graph();
      for (int i = 0; i < 6; i++) {
        Chosen key =
            new Chosen(
                new Cell("c" + i, cells),
                new Cell("c" + (i + 1) % 6, cells),
                new Cell("c" + (i + 2) % 6, cells));
        assertThat(graph.get(key)).isEqualTo(fresh.get(key));
      }
    }
  }
}
