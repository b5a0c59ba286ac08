package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Rerun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks for what the outputs of one action depend on, in as few runs as it can.
///
/// One run varies everything at once. If it makes what the build made, that was all: the action is
/// stable. If not, the differences are looked at for [Clues], because the other value of a factor
/// is one that stands out. Varying what they point to, and nothing else, makes the same outputs as
/// varying everything? Then nothing else matters, and two runs were enough.
///
/// Otherwise the action is simply run again. If that makes a difference, too, the sources of noise
/// are held, all of them, and then as few as give the same; what holds them in every further run
/// keeps their noise out of what is compared. The factors that are left are found by halving, one
/// smallest set after the other, until together they make what varying everything made.
final class Search {
  /// What can be another in every run by itself.
  private static final Set<Factor> NOISE =
      EnumSet.of(
          Factor.TIME, Factor.RANDOMNESS, Factor.ADDRESSES, Factor.PROCESSORS, Factor.THREADS);

  private static final Set<Factor> RACES = EnumSet.of(Factor.PROCESSORS, Factor.THREADS);

  private final Trial trial;
  private final Set<Factor> factors;
  private final Rerun reference;
  private final Contrast contrast;
  private final Map<Set<Factor>, Rerun> known = new HashMap<>();
  private final List<Cause> causes = new ArrayList<>();

  /// @param factors those that can be varied
  /// @param reference what the build made
  Search(Trial trial, Set<Factor> factors, Rerun reference, Contrast contrast) {
    this.trial = trial;
    this.factors = Factor.setOf(factors);
    this.reference = reference;
    this.contrast = contrast;
  }

  Explanation run() throws IOException, InterruptedException {
    Rerun all = under(factors);
    if (!all.equals(reference)) {
      explain(all);
    }
    return new Explanation(all, causes);
  }

  private void explain(Rerun all) throws IOException, InterruptedException {
    List<Difference> differences = contrast.between(reference, all);
    Clues clues = Clues.of(differences, factors);
    if (!clues.traced().isEmpty() && under(clues.traced()).equals(all)) {
      addEach(clues.causes(clues.traced()));
    } else if (!clues.suspected().isEmpty() && under(clues.suspected()).equals(all)) {
      // All of them together: each is a cause only if the rest is not enough.
      List<Factor> suspected = List.copyOf(clues.suspected());
      // Of those that do not show, a single one is needed: without it, the others were not enough.
      Set<Factor> needed =
          suspected.size() == clues.traced().size() + 1
              ? clues.suspected()
              : smallest(suspected, set -> under(set).equals(all));
      if (clues.tellApart(needed)) {
        addEach(clues.causes(needed));
      } else {
        peel(Set.of(), reference, all, needed);
      }
    } else {
      untangle(all);
    }
  }

  private void untangle(Rerun all) throws IOException, InterruptedException {
    Set<Factor> held = EnumSet.noneOf(Factor.class);
    Rerun at = reference;
    Rerun again = under(held);
    if (!again.equals(reference)) {
      Set<Factor> noise = EnumSet.copyOf(NOISE);
      noise.retainAll(factors);
      at = under(noise);
      if (noise.isEmpty() || !fresh(noise).equals(at)) {
        add(new Cause(Cause.Kind.CHANCE, Set.of(), contrast.between(reference, again)));
        return;
      }
      Rerun still = at;
      List<Difference> noisy = contrast.between(reference, again);
      Set<Factor> needed =
          smallest(Clues.of(noisy, noise).order(), set -> under(set).equals(still));
      addNoise(needed, noisy);
      held = noise;
    }
    peel(held, at, all, factors);
  }

  /// Of what holds all noise, some may matter without being noise: the rest alone is as steady.

  private void addNoise(Set<Factor> needed, List<Difference> differences)
      throws IOException, InterruptedException {
    Set<Factor> noise = union(needed, List.of());
    for (Factor factor : needed) {
      Set<Factor> rest = union(noise, List.of());
      rest.remove(factor);
      if (!rest.isEmpty() && fresh(rest).equals(under(rest))) {
        noise = rest;
        add(
            new Cause(
                Cause.Kind.CIRCUMSTANCE,
                Set.of(factor),
                contrast.between(under(rest), under(needed))));
      }
    }
    add(new Cause(Cause.Kind.REPETITION, noise, differences));
  }

  /// Takes one smallest set of factors after the other that makes a difference.
  ///
  /// @param candidates which, all together, make of `from` what varying everything made
  private void peel(Set<Factor> alreadyHeld, Rerun from, Rerun all, Set<Factor> candidates)
      throws IOException, InterruptedException {
    Set<Factor> held = union(alreadyHeld, List.of());
    Rerun at = from;
    while (!at.equals(all)) {
      Set<Factor> open = EnumSet.copyOf(candidates);
      open.removeAll(held);
      if (open.isEmpty()) {
        // All is held, and it is not what it was when all was held before.
        add(new Cause(Cause.Kind.CHANCE, Set.of(), contrast.between(all, at)));
        return;
      }
      Rerun before = at;
      List<Factor> order = Clues.of(contrast.between(at, all), open).order();
      Set<Factor> needed = smallest(order, set -> !under(union(held, set)).equals(before));
      held.addAll(needed);
      at = under(held);
      // Where nothing is left to find, that it is the same once more is known.
      if (!at.equals(all) && !fresh(held).equals(at)) {
        add(new Cause(Cause.Kind.CHANCE, Set.of(), contrast.between(before, at)));
        return;
      }
      add(cause(needed, contrast.between(before, at)));
    }
  }

  private void addEach(List<Cause> found) throws IOException, InterruptedException {
    for (Cause cause : found) {
      add(cause(cause.factors(), cause.differences()));
    }
  }

  private Cause cause(Set<Factor> needed, List<Difference> differences)
      throws IOException, InterruptedException {
    // On one processor a race may always have the same winner.
    boolean race =
        !needed.isEmpty() && RACES.containsAll(needed) && !under(Set.of()).equals(reference);
    return new Cause(race ? Cause.Kind.REPETITION : Cause.Kind.CIRCUMSTANCE, needed, differences);
  }

  private void add(Cause cause) {
    causes.add(cause);
  }

  /// Something that holds of a set of factors, and of every larger one.
  private interface Test {
    boolean holds(Set<Factor> set) throws IOException, InterruptedException;
  }

  /// A smallest set for which the test holds; it does for all of `order`.
  private static Set<Factor> smallest(List<Factor> order, Test test)
      throws IOException, InterruptedException {
    Set<Factor> needed = EnumSet.noneOf(Factor.class);
    List<Factor> open = order;
    while (!open.isEmpty() && (needed.isEmpty() || !test.holds(needed))) {
      int length = shortest(needed, open, test);
      needed.add(open.get(length - 1));
      open = open.subList(0, length - 1);
    }
    return needed;
  }

  /// The length of the shortest beginning of `open` with which the test holds.
  private static int shortest(Set<Factor> needed, List<Factor> open, Test test)
      throws IOException, InterruptedException {
    int low = 1;
    int high = open.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (test.holds(union(needed, open.subList(0, middle)))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static Set<Factor> union(Set<Factor> some, Iterable<Factor> more) {
    Set<Factor> all = EnumSet.noneOf(Factor.class);
    all.addAll(some);
    more.forEach(all::add);
    return all;
  }

  /// What comes of varying these; run once.
  private Rerun under(Set<Factor> varied) throws IOException, InterruptedException {
    Set<Factor> set = Factor.setOf(varied);
    Rerun rerun = known.get(set);
    if (rerun == null) {
      rerun = fresh(set);
      known.put(set, rerun);
    }
    return rerun;
  }

  private Rerun fresh(Set<Factor> varied) throws IOException, InterruptedException {
    return trial.under(Factor.setOf(varied));
  }
}
