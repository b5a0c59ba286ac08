package dev.athanor.engine.starlark.value;

import org.jspecify.annotations.Nullable;

/// A collection that can change until it is frozen, but not during an iteration over it.
abstract sealed class MutableCollection implements StarlarkIterable, Sized
    permits Dict, StarlarkList, StarlarkSet {
  private final Mutability mutability;
  private int iterations;

  MutableCollection(Mutability mutability) {
    this.mutability = mutability;
  }

  final void checkMutable() throws EvalError {
    if (mutability.isFrozen()) {
      throw new EvalError("cannot change a frozen " + type());
    }
    if (iterations > 0) {
      throw new EvalError("cannot change a " + type() + " during an iteration over it");
    }
  }

  @Override
  public final boolean isImmutable() {
    return mutability.isFrozen();
  }

  @Override
  public final void beginIteration() {
    if (!mutability.isFrozen()) {
      iterations++;
    }
  }

  @Override
  public final void endIteration() {
    if (!mutability.isFrozen()) {
      iterations--;
    }
  }

  @Override
  public final boolean equals(@Nullable Object that) {
    return Equality.unchecked(this, that);
  }

  /// Only immutable collections have a hash.
  @Override
  public final int hashCode() {
    return Equality.uncheckedHash(this);
  }

  @Override
  public final String toString() {
    return new Printer().repr(this).toString();
  }
}
