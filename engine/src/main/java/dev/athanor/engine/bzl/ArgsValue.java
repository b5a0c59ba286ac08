package dev.athanor.engine.bzl;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `ctx.actions.args()`: a command line that is put together piece by piece. Belongs to one call of
/// a rule.
final class ArgsValue implements HasFields {
  private static final String OPTIONS =
      "arg_or_values, values=unset, *, map_each=None, format_each=None, omit_if_empty=True, uniquify=False";

  private final List<String> words = new ArrayList<>();

  List<String> words() {
    return words;
  }

  @Override
  public String type() {
    return "Args";
  }

  @Override
  public boolean isImmutable() {
    return false;
  }

  @Override
  public Collection<String> fieldNames() {
    return List.of("add", "add_all", "add_joined");
  }

  @Override
  public @Nullable Object field(String name) {
    return switch (name) {
      case "add" ->
          Builtin.of(name, "arg_or_value, value=unset, *, format=None", (_, given) -> add(given));
      case "add_all" ->
          Builtin.of(name, OPTIONS + ", before_each=None, terminate_with=None", this::addAll);
      case "add_joined" ->
          Builtin.of(name, OPTIONS + ", join_with, format_joined=None", this::addJoined);
      default -> null;
    };
  }

  private Object add(BoundArguments given) throws EvalError {
    Object value = given.find("value");
    if (value != null) {
      words.add(given.string("arg_or_value"));
    }
    String word = word(value == null ? given.get("arg_or_value") : value);
    words.add(formatted(given.get("format"), word));
    return this;
  }

  private Object addAll(StarlarkThread thread, BoundArguments given)
      throws EvalError, InterruptedException {
    List<String> values = values(thread, given);
    if (values.isEmpty() && given.bool("omit_if_empty")) {
      return this;
    }
    if (given.find("values") != null) {
      words.add(given.string("arg_or_values"));
    }
    for (String value : values) {
      if (given.has("before_each")) {
        words.add(given.string("before_each"));
      }
      words.add(value);
    }
    if (given.has("terminate_with")) {
      words.add(given.string("terminate_with"));
    }
    return this;
  }

  private Object addJoined(StarlarkThread thread, BoundArguments given)
      throws EvalError, InterruptedException {
    List<String> values = values(thread, given);
    if (values.isEmpty() && given.bool("omit_if_empty")) {
      return this;
    }
    if (given.find("values") != null) {
      words.add(given.string("arg_or_values"));
    }
    words.add(
        formatted(given.get("format_joined"), String.join(given.string("join_with"), values)));
    return this;
  }

  private static List<String> values(StarlarkThread thread, BoundArguments given)
      throws EvalError, InterruptedException {
    Object source = given.find("values");
    List<String> values = new ArrayList<>();
    for (Object element : elements(source == null ? given.get("arg_or_values") : source)) {
      for (Object mapped : mapped(thread, given.get("map_each"), element)) {
        values.add(formatted(given.get("format_each"), word(mapped)));
      }
    }
    return given.bool("uniquify") ? List.copyOf(new LinkedHashSet<>(values)) : values;
  }

  private static List<Object> elements(Object values) throws EvalError {
    return switch (values) {
      case Depset depset -> depset.toList();
      case Sequence list -> List.of(Starlark.toArray(list));
      default ->
          throw new EvalError(
              "add_all() takes a list or depset, not a value of type " + Starlark.type(values));
    };
  }

  private static List<Object> mapped(StarlarkThread thread, Object function, Object element)
      throws EvalError, InterruptedException {
    if (!(function instanceof Callable callable)) {
      return List.of(element);
    }
    Object result = thread.call(callable, List.of(element), Map.of());
    return switch (result) {
      case None _ -> List.of();
      case Sequence list -> List.of(Starlark.toArray(list));
      default -> List.of(result);
    };
  }

  private static String word(Object value) throws EvalError {
    return value instanceof FileValue file ? file.artifact().path().text() : Starlark.str(value);
  }

  private static String formatted(Object format, String word) throws EvalError {
    if (format == None.NONE) {
      return word;
    }
    String text = Starlark.str(format);
    int at = text.indexOf("%s");
    if (at < 0 || text.indexOf("%s", at + 2) >= 0) {
      throw new EvalError("a format must have exactly one %s: " + text);
    }
    return text.substring(0, at) + word + text.substring(at + 2);
  }
}
