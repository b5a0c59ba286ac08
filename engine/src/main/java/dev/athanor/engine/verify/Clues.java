package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What differences tell of their causes. Only a run can tell whether it is true.
final class Clues {
  private static final Pattern NUMBER = Pattern.compile("\\s*\\d{1,9}\\s*");
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{6,}|[0-9a-f]{12,}");

  private final Set<Factor> factors;

  /// The differences that show the value of a factor.
  private final Map<Factor, List<Difference>> traced = new EnumMap<>(Factor.class);

  /// Those that show none.
  private final List<Difference> untraced = new ArrayList<>();

  private Clues(Set<Factor> factors) {
    this.factors = factors;
  }

  /// @param factors those that come into question
  static Clues of(List<Difference> differences, Set<Factor> factors) {
    Clues clues = new Clues(factors);
    differences.forEach(clues::sort);
    return clues;
  }

  private void sort(Difference difference) {
    boolean found = false;
    for (Factor factor : factors) {
      if (Traces.in(difference, factor)) {
        traced.computeIfAbsent(factor, _ -> new ArrayList<>()).add(difference);
        found = true;
      }
    }
    if (!found) {
      untraced.add(difference);
    }
  }

  /// The factors whose values are to be seen.
  Set<Factor> traced() {
    return Factor.setOf(traced.keySet());
  }

  /// Those, and what the other differences are likely to come from.
  Set<Factor> suspected() {
    Set<Factor> suspected = EnumSet.noneOf(Factor.class);
    suspected.addAll(traced.keySet());
    untraced.forEach(difference -> suspected.addAll(likely(difference)));
    suspected.retainAll(factors);
    return suspected;
  }

  /// All that come into question, the likeliest first.
  List<Factor> order() {
    LinkedHashSet<Factor> order = new LinkedHashSet<>(traced.keySet());
    order.addAll(suspected());
    order.addAll(factors);
    return List.copyOf(order);
  }

  /// Whether each of those factors shows its value, or has a difference that none of the others is
  /// likely to make.
  boolean tellApart(Set<Factor> needed) {
    return sorted(needed, new ArrayList<>()).keySet().containsAll(needed);
  }

  /// The differences as the work of each of those factors, which [#tellApart] holds for. What none
  /// of them claims is told of the first.
  List<Cause> causes(Set<Factor> needed) {
    List<Difference> loose = new ArrayList<>();
    Map<Factor, List<Difference>> byFactor = sorted(needed, loose);
    Factor first = byFactor.keySet().iterator().next();
    loose.forEach(difference -> put(byFactor, first, difference));
    return byFactor.entrySet().stream()
        .map(entry -> new Cause(Cause.Kind.CIRCUMSTANCE, Set.of(entry.getKey()), entry.getValue()))
        .toList();
  }

  /// @param loose takes what cannot be told
  private Map<Factor, List<Difference>> sorted(Set<Factor> needed, List<Difference> loose) {
    Map<Factor, List<Difference>> byFactor = new EnumMap<>(Factor.class);
    for (Factor factor : needed) {
      traced.getOrDefault(factor, List.of()).forEach(shown -> put(byFactor, factor, shown));
    }
    for (Difference difference : untraced) {
      List<Factor> likely = likely(difference).stream().filter(needed::contains).toList();
      if (likely.size() == 1) {
        put(byFactor, likely.getFirst(), difference);
      } else {
        loose.add(difference);
      }
    }
    return byFactor;
  }

  private static void put(
      Map<Factor, List<Difference>> byFactor, Factor factor, Difference difference) {
    byFactor.computeIfAbsent(factor, _ -> new ArrayList<>()).add(difference);
  }

  private static List<Factor> likely(Difference difference) {
    return switch (difference.aspect()) {
      case TIME -> List.of(Factor.TIME, Factor.INPUT_TIMES, Factor.TIME_ZONE);
      case MODE -> List.of(Factor.UMASK);
      case OWNER -> List.of(Factor.USER);
      case ORDER -> List.of(Factor.DIRECTORY_ORDER, Factor.LOCALE, Factor.ENVIRONMENT_ORDER);
      case BUILD_ID -> List.of(Factor.PATH, Factor.RANDOMNESS);
      case ENCODING -> List.of(Factor.PROCESSORS, Factor.THREADS);
      case PRESENCE, KIND, TARGET -> List.of();
      case BYTES -> List.of(Factor.RANDOMNESS, Factor.ADDRESSES);
      case VALUE, TEXT -> likelyOfText(difference.after());
    };
  }

  private static List<Factor> likelyOfText(String text) {
    if (NUMBER.matcher(text).matches()) {
      return List.of(Factor.PROCESSORS, Factor.PROCESS_IDS, Factor.RANDOMNESS);
    }
    return ADDRESS.matcher(text).find() ? List.of(Factor.ADDRESSES, Factor.RANDOMNESS) : List.of();
  }
}
