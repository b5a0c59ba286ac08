package dev.athanor.engine.bzl;

import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kind of provider that a .bzl file defines: called, it makes an instance.
final class UserProvider implements Callable, Exportable {
  static final Builtin CONSTRUCTOR =
      Builtin.of(
          "provider",
          "doc='', *, fields=None",
          (_, arguments) -> {
            Object fields = arguments.get("fields");
            return new UserProvider(
                switch (fields) {
                  case None _ -> Optional.empty();
                  case Dict dict -> Optional.of(names(List.of(dict.keys())));
                  case Sequence list -> Optional.of(names(List.of(Starlark.toArray(list))));
                  default -> throw arguments.invalid("fields", "must be a list or dict of names");
                });
          });

  private final Optional<List<String>> fields;
  private volatile String name = "provider";

  private UserProvider(Optional<List<String>> fields) {
    this.fields = fields;
  }

  @Override
  public void export(String exportedAs) {
    name = exportedAs;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return "Provider";
  }

  @Override
  public Object call(StarlarkThread thread, Arguments arguments)
      throws EvalError, InterruptedException {
    return thread.call(
        Builtin.of(name, "**fields", (_, bound) -> make(bound.kwargsMap())), arguments);
  }

  private UserInfo make(Map<String, Object> values) throws EvalError {
    if (fields.isPresent()) {
      for (String given : values.keySet()) {
        if (!fields.get().contains(given)) {
          throw new EvalError(
              name + " has no field '" + given + "'" + Spelling.hint(given, fields.get()));
        }
      }
    }
    return new UserInfo(this, values);
  }

  private static List<String> names(List<?> values) throws EvalError {
    List<String> names = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw new EvalError("provider() fields must be strings");
      }
      names.add(text);
    }
    return names;
  }

  @Override
  public void repr(Printer printer) {
    printer.append("<provider ").append(name).append(">");
  }
}
