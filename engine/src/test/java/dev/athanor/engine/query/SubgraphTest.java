package dev.athanor.engine.query;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.label.Label;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The graphs here are rows of numbers: what each target depends on.
final class SubgraphTest {
  private static Subgraph graph(int[]... edges) {
    return new Subgraph(
        IntStream.range(0, edges.length).mapToObj(SubgraphTest::label).toList(), edges);
  }

  private static Label label(int number) {
    return Label.parseAbsolute("//:" + (char) ('a' + number % 26) + number);
  }

  private static int[] to(int... numbers) {
    return numbers;
  }

  @Test
  void ranks_areTheShortestAndTheLongestWay() {
    // a → b → c → d, a → c; e stands alone.
    Subgraph graph = graph(to(1, 2), to(2), to(3), to(), to());

    assertThat(graph.minRanks()).isEqualTo(to(0, 1, 1, 2, 0));
    assertThat(graph.maxRanks()).isEqualTo(to(0, 1, 2, 3, 0));
  }

  @Test
  void ranks_aCycle_isOnePlace() {
    // a → b ⇄ c → d, b → b
    Subgraph graph = graph(to(1), to(1, 2), to(1, 3), to());

    assertThat(graph.minRanks()).isEqualTo(to(0, 1, 1, 2));
    assertThat(graph.maxRanks()).isEqualTo(to(0, 1, 1, 2));
  }

  @Test
  void topological_choosesByLabel() {
    // c → a, and b alone.
    Subgraph graph = graph(to(), to(), to(0));

    assertThat(graph.topological()).containsExactly(label(1), label(2), label(0)).inOrder();
  }

  @Test
  void topological_longChain_needsNoStack() {
    int size = 200_000;
    int[][] edges = new int[size][];
    for (int i = 0; i < size; i++) {
      edges[i] = i == 0 ? to() : to(i - 1);
    }

    assertThat(graph(edges).topological().getFirst()).isEqualTo(label(size - 1));
    assertThat(Arrays.stream(graph(edges).maxRanks()).max().getAsInt()).isEqualTo(size - 1);
  }

  /// Against the definitions, on random graphs with cycles.
  @Test
  void topological_randomGraphs_keepsEveryEdgeBetweenCycles() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(8);
      boolean[][] reaches = new boolean[size][size];
      int[][] edges = new int[size][];
      for (int i = 0; i < size; i++) {
        int from = i;
        edges[i] = random.ints(random.nextInt(3), 0, size).distinct().toArray();
        Arrays.stream(edges[i]).forEach(to -> reaches[from][to] = true);
      }
      for (int k = 0; k < size; k++) {
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < size; j++) {
            reaches[i][j] |= reaches[i][k] && reaches[k][j];
          }
        }
      }

      List<Label> order = graph(edges).topological();

      Map<Label, Integer> place = new HashMap<>();
      order.forEach(label -> place.put(label, place.size()));
      assertThat(place).hasSize(size);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          if (reaches[i][j] && !reaches[j][i]) {
            assertThat(place.get(label(i))).isLessThan(place.get(label(j)));
          }
        }
      }
    }
  }
}
