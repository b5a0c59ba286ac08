package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.Location;
import dev.athanor.engine.starlark.syntax.SyntaxError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A program failed while it ran, by its own fault.
///
/// Whoever detects a failure gives the message; the innermost function that the error leaves adds
/// the call stack.
public final class EvalError extends Exception {
  private static final long serialVersionUID = 1;

  private transient @Nullable List<StackFrame> callStack;

  public EvalError(String message) {
    this(message, null);
  }

  public EvalError(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  /// The active calls, outermost first; empty if the error has not met any.
  public List<StackFrame> callStack() {
    return callStack == null ? List.of() : callStack;
  }

  /// Where it happened: the place in the innermost function.
  public Optional<Location> location() {
    return callStack().isEmpty() ? Optional.empty() : Optional.of(callStack().getLast().location());
  }

  /// Says where the error happened, unless that is known already.
  public EvalError attach(List<StackFrame> frames) {
    if (callStack == null) {
      callStack = List.copyOf(frames);
    }
    return this;
  }

  /// `file:line:column: message`, the source line with a caret, and the calls that led there.
  public String format() {
    StringBuilder out = new StringBuilder();
    location().ifPresent(at -> out.append(at).append(": "));
    out.append(message());
    List<StackFrame> frames = callStack();
    if (!frames.isEmpty()) {
      StackFrame last = frames.getLast();
      out.append('\n').append(SyntaxError.excerpt(last.sourceLine(), last.location().column()));
    }
    for (int i = frames.size() - 1; i >= 0 && frames.size() > 1; i--) {
      out.append("\n  at ").append(frames.get(i));
    }
    return out.toString();
  }
}
