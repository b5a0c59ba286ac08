package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Signature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names that every program may use.
public final class Universe {
  public static final Map<String, Object> VALUES = values();

  private Universe() {}

  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("None", None.NONE);
    values.put("True", true);
    values.put("False", false);
    for (Builtin builtin : builtins()) {
      values.put(builtin.name(), builtin);
    }
    return Map.copyOf(values);
  }

  private static List<Builtin> builtins() {
    return List.of(
        of("abs", "x", Conversions::abs),
        of("all", "elements", Collections::all),
        of("any", "elements", Collections::any),
        of("bool", "x=False", Conversions::bool),
        of("bytes", "x", Conversions::bytes),
        of("dict", "pairs=None, **kwargs", Collections::dict),
        of("dir", "x", Reflection::dir),
        of("enumerate", "elements, start=0", Collections::enumerate),
        of("fail", "*args, sep=' '", Reflection::fail),
        of("float", "x=0.0", Conversions::toFloat),
        of("getattr", "x, name, default=unset", Reflection::getattr),
        of("hasattr", "x, name", Reflection::hasattr),
        of("hash", "x", Conversions::hash),
        Builtin.of("int", "x=0, base=unset", Conversions::toInt),
        of("len", "x", Collections::len),
        of("list", "elements=()", Collections::list),
        of("max", "*args, key=None", Sorting::max),
        of("min", "*args, key=None", Sorting::min),
        of("print", "*args, sep=' '", Reflection::print),
        of("range", "start_or_stop, stop=unset, step=1", Collections::range),
        of("repr", "x", Conversions::repr),
        of("reversed", "elements", Collections::reversed),
        of("set", "elements=()", Collections::set),
        of("sorted", "elements, *, key=None, reverse=False", Sorting::sorted),
        of("str", "x", Conversions::str),
        of("tuple", "elements=()", Collections::tuple),
        of("type", "x", Reflection::type),
        of("zip", "*args", Collections::zip));
  }

  private static Builtin of(String name, String parameters, Builtin.Body body) {
    return Builtin.of(name, Signature.positional(parameters), body);
  }
}
