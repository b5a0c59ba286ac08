package dev.athanor.cli.migrate;

/// A part of a text: from an offset to before another.
record Span(int from, int to) {
  String of(String text) {
    return text.substring(from, to);
  }

  boolean holds(int offset) {
    return from <= offset && offset < to;
  }
}
