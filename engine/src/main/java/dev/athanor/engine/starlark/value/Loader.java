package dev.athanor.engine.starlark.value;

/// Finds the module that a load statement names; the modules it returns are frozen.
public interface Loader {
  /// Knows no modules.
  Loader NONE =
      (_, module) -> {
        throw new EvalError("cannot load '" + module + "': there is nothing to load");
      };

  Exports load(StarlarkThread thread, String module) throws EvalError, InterruptedException;
}
