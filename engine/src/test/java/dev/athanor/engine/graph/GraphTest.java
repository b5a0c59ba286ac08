package dev.athanor.engine.graph;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
}
