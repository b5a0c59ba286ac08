package dev.athanor.engine.starlark.value;

/// A value that is equal to another if its parts are. Comparing through [Equality] keeps deeply
/// nested values from exhausting the Java stack; [Object#equals] should agree ([Equality#equal]).
public interface Composite extends Value {
  /// Whether the two are equal, with all parts compared by [Equality#same].
  boolean sameAs(Composite that, Equality equality) throws EvalError;

  /// A hash that equal values share, made of [Equality#hashOf] of the parts.
  ///
  /// @throws EvalError if a part is not hashable
  int hash(Equality equality) throws EvalError;
}
