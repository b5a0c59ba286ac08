package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.Source;

/// An active call of a Starlark function, as the thread sees it.
public interface Activation {
  String functionName();

  /// The declaration of the function: equal ones on the stack are a recursion. Compared by
  /// identity.
  Object declaration();

  Source source();

  /// How deeply the body of the function is nested, which bounds the Java stack that it takes.
  int depth();

  /// The offset of what is being evaluated.
  int position();
}
