package dev.athanor.engine.starlark.syntax;

/// The variable that a name denotes. All names that denote one variable of a function share one.
public final class Binding {
  /// Where a variable lives.
  public enum Scope {
    /// In a slot of the function's frame.
    LOCAL,
    /// In a slot of the function's frame, boxed, because an inner function uses it too.
    CELL,
    /// In the box of an outer function.
    FREE,
    /// In a slot of the module.
    GLOBAL,
    /// Provided by the host or the language; has no slot.
    PREDECLARED
  }

  private final String name;
  private final int index;
  private final int position;
  private Scope scope;

  Binding(String name, Scope scope, int index, int position) {
    this.name = name;
    this.scope = scope;
    this.index = index;
    this.position = position;
  }

  public String name() {
    return name;
  }

  public Scope scope() {
    return scope;
  }

  /// The slot, by which the frame, the captured boxes or the module finds the variable.
  public int index() {
    return index;
  }

  /// The offset of the first place that binds the name.
  int position() {
    return position;
  }

  /// An inner function uses this local variable.
  void capture() {
    scope = Scope.CELL;
  }

  @Override
  public String toString() {
    return scope + " " + name + "@" + index;
  }
}
