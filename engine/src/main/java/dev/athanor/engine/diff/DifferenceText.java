package dev.athanor.engine.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Differences in lines for people.
public final class DifferenceText {
  private DifferenceText() {}

  /// Of each, a line, and where it has several lines of text or bytes, these below it.
  public static List<String> lines(Differences differences) {
    List<String> lines = new ArrayList<>();
    differences.list().forEach(difference -> lines.addAll(lines(difference)));
    if (differences.leftOut() > 0) {
      lines.add("and " + differences.leftOut() + " more");
    }
    return lines;
  }

  /// Of one: a line, and where it has several lines of text or bytes, these below it.
  public static List<String> lines(Difference difference) {
    String head = head(difference);
    List<String> before = split(difference.before());
    List<String> after = split(difference.after());
    if (before.size() > 1 || after.size() > 1) {
      List<String> lines = new ArrayList<>(List.of(head + ":"));
      unified(before, after).forEach(line -> lines.add("  " + line));
      return lines;
    }
    return List.of(
        switch (difference.aspect()) {
          case PRESENCE -> head + ": " + difference.before() + difference.after();
          default -> head + ": " + shown(difference.before()) + " → " + shown(difference.after());
        });
  }

  /// The place, and what of it differs where that is not plain from the place or from the values.
  private static String head(Difference difference) {
    String place = String.join(" › ", difference.where());
    String aspect =
        switch (difference.aspect()) {
          case PRESENCE -> difference.before().isEmpty() ? "came" : "gone";
          case TIME, MODE, OWNER, VALUE, TEXT -> place.isEmpty() ? name(difference) : "";
          case ORDER, KIND, TARGET, BUILD_ID, BYTES, ENCODING -> name(difference);
        };
    return place.isEmpty() || aspect.isEmpty() ? place + aspect : place + ", " + aspect;
  }

  private static String name(Difference difference) {
    return difference.aspect().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(none)" : value;
  }

  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }

  /// Lines that both begin or end with are there once; the others come after `-` and `+`.
  private static List<String> unified(List<String> before, List<String> after) {
    CommonLines common = CommonLines.of(before, after);
    int head = common.head();
    int tail = common.tail();
    List<String> lines = new ArrayList<>();
    before.subList(0, head).forEach(line -> lines.add("  " + line));
    before.subList(head, before.size() - tail).forEach(line -> lines.add("- " + line));
    after.subList(head, after.size() - tail).forEach(line -> lines.add("+ " + line));
    before.subList(before.size() - tail, before.size()).forEach(line -> lines.add("  " + line));
    return lines;
  }
}
