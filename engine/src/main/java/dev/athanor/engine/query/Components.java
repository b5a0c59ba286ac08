package dev.athanor.engine.query;

import java.util.ArrayDeque;
import java.util.Arrays;

/// Finds the strongly connected components, in Tarjan's way but without recursion: chains of
/// targets are longer than a stack. A component's number is above those of all it depends on.
final class Components {
  private final int[][] edges;
  private final int[] number;
  private final int[] low;
  private final int[] next;
  private final int[] component;
  private final ArrayDeque<Integer> open = new ArrayDeque<>();
  private int visited;
  private int count;

  Components(int[][] edges) {
    this.edges = edges;
    this.number = new int[edges.length];
    this.low = new int[edges.length];
    this.next = new int[edges.length];
    this.component = new int[edges.length];
    Arrays.fill(component, -1);
    for (int i = 0; i < edges.length; i++) {
      if (number[i] == 0) {
        visit(i);
      }
    }
  }

  int[] numbers() {
    return component;
  }

  int count() {
    return count;
  }

  private void visit(int start) {
    ArrayDeque<Integer> path = new ArrayDeque<>();
    enter(start, path);
    while (!path.isEmpty()) {
      int at = path.peek();
      if (next[at] < edges[at].length) {
        int to = edges[at][next[at]++];
        if (number[to] == 0) {
          enter(to, path);
        } else if (component[to] < 0) {
          low[at] = Math.min(low[at], number[to]);
        }
      } else {
        path.pop();
        leave(at);
        if (!path.isEmpty()) {
          low[path.peek()] = Math.min(low[path.peek()], low[at]);
        }
      }
    }
  }

  private void enter(int at, ArrayDeque<Integer> path) {
    number[at] = ++visited;
    low[at] = visited;
    open.push(at);
    path.push(at);
  }

  /// Closes the component whose first member `at` is, if it is one's.
  private void leave(int at) {
    if (low[at] == number[at]) {
      int member;
      do {
        member = open.pop();
        component[member] = count;
      } while (member != at);
      count++;
    }
  }
}
