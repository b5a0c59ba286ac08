package dev.athanor.cli;

import dev.athanor.engine.gc.Item;
import dev.athanor.engine.gc.Kind;
import dev.athanor.engine.gc.Survey;
import dev.athanor.engine.gc.Sweep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What people are told of a cache, and of what goes from it.
final class GcText {
  /// How many single things are told of.
  private static final int LARGEST = 10;

  private GcText() {}

  /// @param outcome absent when nothing was removed
  static List<String> lines(Survey survey, Optional<Sweep.Outcome> outcome) {
    List<String> lines = new ArrayList<>();
    table(survey, lines);
    if (outcome.isEmpty()) {
      reasons(survey, lines);
      largest(survey, lines);
    }
    if (!survey.held().isEmpty()) {
      lines.add(
          survey.held().size()
              + " of those that stay may be in use"
              + survey
                  .inUseSince()
                  .map(since -> ": a command has run since " + Amounts.ago(since))
                  .orElse(""));
    }
    lines.add(outcome.map(GcText::done).orElse("nothing was removed: this was a dry run"));
    return lines;
  }

  private static void table(Survey survey, List<String> lines) {
    lines.add(String.format(Locale.ROOT, "%-18s %20s %20s", "", "stays", "goes"));
    List<Item> going = survey.going().stream().map(Survey.Going::item).toList();
    List<Item> staying = new ArrayList<>(survey.kept());
    staying.addAll(survey.held());
    for (Kind kind : Kind.values()) {
      String stays = amount(staying.stream().filter(item -> item.kind() == kind).toList());
      String goes = amount(going.stream().filter(item -> item.kind() == kind).toList());
      if (!stays.isEmpty() || !goes.isEmpty()) {
        lines.add(String.format(Locale.ROOT, "%-18s %20s %20s", kind.text(), stays, goes));
      }
    }
    lines.add(
        String.format(Locale.ROOT, "%-18s %20s %20s", "in all", amount(staying), amount(going)));
  }

  private static String amount(List<Item> items) {
    long bytes = items.stream().mapToLong(Item::bytes).sum();
    return items.isEmpty() ? "" : items.size() + ", " + Amounts.text(bytes);
  }

  private static void reasons(Survey survey, List<String> lines) {
    for (Survey.Reason reason : Survey.Reason.values()) {
      List<Item> items =
          survey.going().stream()
              .filter(going -> going.reason() == reason)
              .map(Survey.Going::item)
              .toList();
      if (!items.isEmpty()) {
        lines.add(amount(items) + ": " + text(reason, items));
      }
    }
  }

  private static String text(Survey.Reason reason, List<Item> items) {
    String last = Amounts.ago(items.getLast().used());
    return switch (reason) {
      case AGE -> "not used for as long as is allowed, the last of them " + last;
      case SIZE -> "not used for longest, and the cache is too large; the last of them " + last;
      case LEFTOVER -> "left by processes that were killed";
    };
  }

  private static void largest(Survey survey, List<String> lines) {
    List<Item> largest =
        survey.going().stream()
            .map(Survey.Going::item)
            .sorted(Comparator.comparingLong(Item::bytes).reversed())
            .limit(LARGEST)
            .toList();
    if (largest.size() < survey.going().size()) {
      lines.add("the largest that go:");
    }
    for (Item item : largest) {
      String name = item.name().isEmpty() ? item.path().getFileName().toString() : item.name();
      lines.add(
          String.format(
              Locale.ROOT,
              "  %10s  %-16s %s",
              Amounts.text(item.bytes()),
              Amounts.ago(item.used()),
              name));
    }
  }

  private static String done(Sweep.Outcome outcome) {
    String text = "removed " + outcome.removed() + ", " + Amounts.text(outcome.bytes());
    if (outcome.spared() > 0) {
      text += "; " + outcome.spared() + " stay after all, for somebody has just used them";
    }
    return outcome.failed() == 0
        ? text
        : text + "; " + outcome.failed() + " could not be removed: they belong to others";
  }
}
