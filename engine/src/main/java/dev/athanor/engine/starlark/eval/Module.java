package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.syntax.ResolvedFile.Global;
import dev.athanor.engine.starlark.value.Exports;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The global variables that a file has defined.
public final class Module implements Exports {
  private final String file;
  private final List<Global> globals;
  private final @Nullable Object[] slots;
  private final Map<String, Integer> index = new LinkedHashMap<>();

  Module(String file, List<Global> globals, @Nullable Object[] slots) {
    this.file = file;
    this.globals = globals;
    this.slots = slots;
    for (int i = 0; i < slots.length; i++) {
      if (isExported(globals.get(i))) {
        index.put(globals.get(i).name(), i);
      }
    }
  }

  private static boolean isExported(Global global) {
    return global.exported() && !global.name().startsWith("_");
  }

  @Override
  public @Nullable Object get(String name) {
    Integer slot = index.get(name);
    return slot == null ? null : slots[slot];
  }

  @Override
  public Collection<String> names() {
    return index.keySet();
  }

  /// All variables that have a value, in the order of their first mention, the private ones too but
  /// not what was loaded from elsewhere.
  public Map<String, Object> globals() {
    Map<String, Object> result = new LinkedHashMap<>();
    for (int i = 0; i < slots.length; i++) {
      Object value = slots[i];
      if (value != null && globals.get(i).exported()) {
        result.put(globals.get(i).name(), value);
      }
    }
    return result;
  }

  @Override
  public String toString() {
    return "module " + file;
  }
}
