package dev.athanor.engine.starlark.syntax;

/// What a kind of file may contain.
///
/// @param functions `def` and `lambda`
/// @param topLevelControl `if` and `for` statements outside functions
/// @param reassignGlobals binding a global name more than once
/// @param starArguments `*args` and `**kwargs` in calls
/// @param loads `load` statements
/// @param loadsFirst `load` statements only before all others (but a leading string)
public record Dialect(
    boolean functions,
    boolean topLevelControl,
    boolean reassignGlobals,
    boolean starArguments,
    boolean loads,
    boolean loadsFirst) {

  /// Declarations only: no functions, no control flow outside comprehensions.
  public static final Dialect BUILD = new Dialect(false, false, true, false, true, false);

  /// A library of functions, as the specification has it.
  public static final Dialect BZL = new Dialect(true, false, false, true, true, false);

  /// Everything.
  public static final Dialect SCRIPT = new Dialect(true, true, true, true, true, false);

  public Dialect withFunctions(boolean allowed) {
    return new Dialect(allowed, topLevelControl, reassignGlobals, starArguments, loads, loadsFirst);
  }

  public Dialect withTopLevelControl(boolean allowed) {
    return new Dialect(functions, allowed, reassignGlobals, starArguments, loads, loadsFirst);
  }

  public Dialect withReassignGlobals(boolean allowed) {
    return new Dialect(functions, topLevelControl, allowed, starArguments, loads, loadsFirst);
  }

  public Dialect withStarArguments(boolean allowed) {
    return new Dialect(functions, topLevelControl, reassignGlobals, allowed, loads, loadsFirst);
  }

  public Dialect withLoads(boolean allowed) {
    return new Dialect(
        functions, topLevelControl, reassignGlobals, starArguments, allowed, loadsFirst);
  }

  public Dialect withLoadsFirst(boolean required) {
    return new Dialect(functions, topLevelControl, reassignGlobals, starArguments, loads, required);
  }
}
