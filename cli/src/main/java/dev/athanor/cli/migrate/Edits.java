package dev.athanor.cli.migrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Replacements in a text, which leave alone whatever they do not name.
final class Edits {
  private final List<Edit> edits = new ArrayList<>();

  private record Edit(int from, int to, String text) {}

  void replace(Span span, String text) {
    edits.add(new Edit(span.from(), span.to(), text));
  }

  void insert(int at, String text) {
    edits.add(new Edit(at, at, text));
  }

  /// Drops what was said about a part of the text.
  void forget(Span span) {
    edits.removeIf(edit -> span.from() <= edit.from && edit.to <= span.to());
  }

  /// What becomes of a part of the text.
  String within(String text, Span part) {
    Edits inside = new Edits();
    for (Edit edit : edits) {
      if (part.from() <= edit.from && edit.to <= part.to()) {
        inside.replace(new Span(edit.from - part.from(), edit.to - part.from()), edit.text);
      }
    }
    return inside.apply(part.of(text));
  }

  /// What is inserted at one place comes in the order in which it was.
  String apply(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    List<Edit> sorted = new ArrayList<>(edits);
    sorted.sort(Comparator.comparingInt(Edit::from).thenComparingInt(Edit::to));
    for (Edit edit : sorted) {
      int from = Math.max(at, edit.from);
      out.append(text, at, from).append(edit.text);
      at = Math.max(from, edit.to);
    }
    return out.append(text.substring(at)).toString();
  }
}
