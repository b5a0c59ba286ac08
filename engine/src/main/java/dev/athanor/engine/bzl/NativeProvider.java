package dev.athanor.engine.bzl;

import dev.athanor.engine.UserException;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.ProviderType;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/// A kind of provider that built-in rules have, for user rules to read and make.
record NativeProvider(ProviderType<?> kind) implements Callable {
  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public String type() {
    return "Provider";
  }

  /// What `target[Provider]` gives.
  Object read(Provider provider) throws EvalError {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Map.Entry<String, Object> field : kind.fieldsOf(provider).entrySet()) {
      fields.put(field.getKey(), Values.ofPlain(field.getValue()));
    }
    return Struct.of(kind.name(), fields);
  }

  @Override
  public Object call(StarlarkThread thread, Arguments arguments)
      throws EvalError, InterruptedException {
    return thread.call(
        Builtin.of(name(), "**fields", (_, bound) -> make(bound.kwargsMap())), arguments);
  }

  private Made make(Map<String, Object> given) throws EvalError {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (Map.Entry<String, Object> field : given.entrySet()) {
      if (!kind.fields().contains(field.getKey())) {
        throw new EvalError(
            name()
                + " has no field '"
                + field.getKey()
                + "'"
                + Spelling.hint(field.getKey(), kind.fields()));
      }
      plain.put(field.getKey(), Values.toPlain(field.getValue()));
    }
    for (String field : kind.fields()) {
      if (!plain.containsKey(field)) {
        throw new EvalError(name() + " needs the field '" + field + "'");
      }
    }
    try {
      return new Made(name(), kind.make().apply(plain));
    } catch (UserException e) {
      throw new EvalError(name() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void repr(Printer printer) {
    printer.append("<provider ").append(name()).append(">");
  }

  /// A provider that a rule returns.
  record Made(String name, Provider provider) implements Value {
    @Override
    public String type() {
      return name;
    }
  }
}
