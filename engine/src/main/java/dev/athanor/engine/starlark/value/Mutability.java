package dev.athanor.engine.starlark.value;

/// Decides whether the values made in one thread can still change.
///
/// All mutable values of a thread share one, so that freezing them takes no time. Values may only
/// change, and only be seen by one Java thread, until it is frozen; a host that publishes frozen
/// values through anything that orders memory (a future, a concurrent map) needs no more than that.
public final class Mutability {
  /// For values that never change.
  public static final Mutability IMMUTABLE = new Mutability(true);

  private boolean frozen;

  private Mutability(boolean frozen) {
    this.frozen = frozen;
  }

  public static Mutability create() {
    return new Mutability(false);
  }

  public boolean isFrozen() {
    return frozen;
  }

  /// Makes all values of this mutability immutable, for good.
  public void freeze() {
    frozen = true;
  }
}
