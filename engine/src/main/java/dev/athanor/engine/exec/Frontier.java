package dev.athanor.engine.exec;

import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/// The actions of a plan that may have to run, and which of them wait for which.
///
/// These are the actions without a valid result, those that read a source which may have changed,
/// and everything that depends on one of them. All others are done before the build begins, and
/// nobody looks at them.
final class Frontier {
  /// How long an action is taken to run that never did.
  private static final int UNKNOWN_MILLIS = 100;

  private final BitSet actions = new BitSet();

  /// For each action how many of those that it depends on are not done; at zero it is ready.
  private final AtomicIntegerArray waitingFor;

  /// Which actions depend on action `a`: those at `starts[a]` and up to `starts[a + 1]`.
  private final int[] starts;

  private final int[] dependents;

  /// Milliseconds from the start of an action to the end of the build, if nothing held it up.
  private final long[] urgency;

  private Frontier(Plan plan, BuildState state, BitSet doubtful) {
    int count = plan.actionCount();
    waitingFor = new AtomicIntegerArray(count);
    starts = new int[count + 2];
    urgency = new long[count];
    Edges edges = new Edges(count);
    for (int action = 0; action < count; action++) {
      int before = edges.size;
      boolean open = !state.isValid(action) || !plan.isCacheable(action);
      for (int input : plan.inputs(action)) {
        if (!Plan.isOutput(input)) {
          open |= doubtful.get(Plan.number(input));
        } else {
          int producer = plan.producer(Plan.number(input));
          if (actions.get(producer) && edges.add(producer, action)) {
            starts[producer + 2]++;
          }
        }
      }
      if (open || edges.size > before) {
        actions.set(action);
        waitingFor.set(action, edges.size - before);
      }
    }
    dependents = sortByProducer(edges);
    rank(state);
  }

  /// @param doubtful sources that may hold something else than `state` says
  static Frontier of(Plan plan, BuildState state, BitSet doubtful) {
    return new Frontier(plan, state, doubtful);
  }

  /// Makes `starts` say where they begin: it has the number of each action's dependents, two places
  /// further on.
  private int[] sortByProducer(Edges edges) {
    for (int i = 2; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    int[] sorted = new int[edges.size];
    for (int edge = 0; edge < edges.size; edge++) {
      sorted[starts[edges.from[edge] + 1]++] = edges.to[edge];
    }
    return sorted;
  }

  /// From the end of the build towards its beginning: dependents have higher numbers.
  private void rank(BuildState state) {
    for (int a = actions.length() - 1; a >= 0; a = actions.previousSetBit(a - 1)) {
      long after = 0;
      for (int i = starts[a]; i < starts[a + 1]; i++) {
        after = Math.max(after, urgency[dependents[i]]);
      }
      int millis = state.millis(a);
      urgency[a] = after + (millis == 0 ? UNKNOWN_MILLIS : millis);
    }
  }

  int size() {
    return actions.cardinality();
  }

  long urgency(int action) {
    return urgency[action];
  }

  /// Every action that waits for none.
  int[] ready() {
    return actions.stream().filter(action -> waitingFor.get(action) == 0).toArray();
  }

  /// Every action here, for the caller to change.
  BitSet actions() {
    return (BitSet) actions.clone();
  }

  void forEachDependent(int action, IntConsumer visit) {
    for (int i = starts[action]; i < starts[action + 1]; i++) {
      visit.accept(dependents[i]);
    }
  }

  /// One of those that `action` waits for is done.
  ///
  /// @return whether it was the last
  boolean arrive(int action) {
    return waitingFor.decrementAndGet(action) == 0;
  }

  /// `action` will never run.
  ///
  /// @return whether that is news
  boolean giveUp(int action) {
    // Its count is out of reach of zero now.
    return waitingFor.getAndSet(action, Integer.MIN_VALUE) >= 0;
  }

  /// Pairs of actions, the second of which depends on the first.
  private static final class Edges {
    private int[] from = new int[256];
    private int[] to = new int[256];
    private int size;

    /// The last dependent of each action, and one: all pairs of a dependent come one after another.
    private final int[] last;

    Edges(int actions) {
      last = new int[actions];
    }

    /// @return whether the pair was not there yet
    boolean add(int producer, int dependent) {
      if (last[producer] == dependent + 1) {
        return false;
      }
      last[producer] = dependent + 1;
      if (size == from.length) {
        from = Arrays.copyOf(from, size * 2);
        to = Arrays.copyOf(to, size * 2);
      }
      from[size] = producer;
      to[size++] = dependent;
      return true;
    }
  }
}
