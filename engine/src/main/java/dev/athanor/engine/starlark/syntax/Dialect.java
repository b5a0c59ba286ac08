package dev.athanor.engine.starlark.syntax;

/// What a kind of file may contain.
///
/// @param functions `def` and `lambda`
/// @param topLevelControl `if` and `for` statements outside functions
/// @param reassignGlobals binding a global name more than once
/// @param starArguments `*args` and `**kwargs` in calls
/// @param loads `load` statements
public record Dialect(
    boolean functions,
    boolean topLevelControl,
    boolean reassignGlobals,
    boolean starArguments,
    boolean loads) {

  /// Declarations only: no functions, no control flow outside comprehensions.
  public static final Dialect BUILD = new Dialect(false, false, true, false, true);

  /// A library of functions, as the specification has it.
  public static final Dialect BZL = new Dialect(true, false, false, true, true);

  /// Everything.
  public static final Dialect SCRIPT = new Dialect(true, true, true, true, true);

  public Dialect withLoads(boolean allowed) {
    return new Dialect(functions, topLevelControl, reassignGlobals, starArguments, allowed);
  }
}
