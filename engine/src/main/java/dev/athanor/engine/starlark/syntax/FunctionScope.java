package dev.athanor.engine.starlark.syntax;

import java.util.List;

/// The variables of one function, or of the top level of a file.
///
/// @param slots the variables in the slots of a frame, parameters first; comprehensions included
/// @param depth how deeply the expressions and statements of the function are nested
/// @param captured the variables of the enclosing function that [Binding.Scope#FREE] ones denote
public record FunctionScope(List<Binding> slots, List<Binding> captured, int depth) {
  public FunctionScope {
    slots = List.copyOf(slots);
    captured = List.copyOf(captured);
  }
}
