package dev.athanor.engine.starlark.syntax;

import java.util.List;
import java.util.stream.Collectors;

/// A file cannot be run, for all of these reasons, in the order of their places.
public final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<SyntaxError> errors;

  public SyntaxException(List<SyntaxError> errors) {
    super(
        errors.stream().map(SyntaxError::toString).collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.errors = List.copyOf(errors);
  }

  public List<SyntaxError> errors() {
    return errors;
  }

  /// All errors, each with its source line and a caret.
  public String format() {
    return errors.stream().map(SyntaxError::format).collect(Collectors.joining("\n"));
  }
}
