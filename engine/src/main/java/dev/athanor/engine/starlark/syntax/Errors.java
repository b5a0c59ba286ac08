package dev.athanor.engine.starlark.syntax;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Gathers the errors of one file, at most one per line: what follows the first is mostly its echo.
final class Errors {
  private final Source source;
  private final List<SyntaxError> errors = new ArrayList<>();
  private int lastLine = -1;

  Errors(Source source) {
    this.source = source;
  }

  void add(int offset, String message) {
    Location location = source.location(offset);
    if (location.line() != lastLine) {
      lastLine = location.line();
      addAlways(offset, message);
    }
  }

  /// Adds an error that no other error on its line can have caused.
  void addAlways(int offset, String message) {
    Location location = source.location(offset);
    errors.add(new SyntaxError(location, message, source.line(location.line())));
  }

  List<SyntaxError> sorted() {
    errors.sort(Comparator.comparing(SyntaxError::location));
    return List.copyOf(errors);
  }
}
