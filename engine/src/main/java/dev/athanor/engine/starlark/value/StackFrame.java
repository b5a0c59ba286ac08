package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.Location;

/// One active call of a Starlark function: what is called, and where it has got to.
///
/// @param function the name of the function; `<toplevel>` for the statements of a file
public record StackFrame(String function, Location location, String sourceLine) {
  @Override
  public String toString() {
    return function + " (" + location + ")";
  }
}
