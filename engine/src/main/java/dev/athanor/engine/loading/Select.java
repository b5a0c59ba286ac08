package dev.athanor.engine.loading;

import dev.athanor.engine.starlark.syntax.BinaryOperator;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasBinary;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `select({...})` returns, and what adding lists or other selects to it gives: a value that
/// is not known before the configuration is.
record Select(List<Part> parts) implements HasBinary {
  static final String DEFAULT = "//conditions:default";

  Select {
    parts = List.copyOf(parts);
  }

  /// A piece of the sum.
  sealed interface Part {
    record Plain(Object value) implements Part {}

    record Choice(Map<String, Object> branches, String noMatch) implements Part {
      public Choice {
        branches = Collections.unmodifiableMap(new LinkedHashMap<>(branches));
      }
    }
  }

  static Select of(Dict conditions, String noMatch) throws EvalError {
    if (conditions.size() == 0) {
      throw new EvalError("select() needs at least one condition");
    }
    Map<String, Object> branches = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> entry : conditions.toMap().entrySet()) {
      if (!(entry.getKey() instanceof String label)) {
        throw new EvalError(
            "select() conditions must be labels, not values of type "
                + Starlark.type(entry.getKey()));
      }
      branches.put(label, entry.getValue());
    }
    return new Select(List.of(new Part.Choice(branches, noMatch)));
  }

  @Override
  public @Nullable Object binary(BinaryOperator operator, Object that, boolean left) {
    boolean adds = operator == BinaryOperator.ADD || operator == BinaryOperator.BIT_OR;
    if (!adds) {
      return null;
    }
    List<Part> other = that instanceof Select select ? select.parts : List.of(new Part.Plain(that));
    List<Part> all = new ArrayList<>(left ? parts : other);
    all.addAll(left ? other : parts);
    return new Select(all);
  }

  @Override
  public String type() {
    return "select";
  }

  @Override
  public void repr(Printer printer) {
    boolean first = true;
    for (Part part : parts) {
      printer.append(first ? "" : " + ");
      first = false;
      switch (part) {
        case Part.Plain(var value) -> printer.repr(value);
        case Part.Choice choice -> printer.append("select(" + choice.branches().keySet() + ")");
      }
    }
  }
}
