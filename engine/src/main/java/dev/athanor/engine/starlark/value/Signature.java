package dev.athanor.engine.starlark.value;

import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Expression;
import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import dev.athanor.engine.starlark.syntax.Parameter;
import dev.athanor.engine.starlark.syntax.ParsedFile;
import dev.athanor.engine.starlark.syntax.Parser;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.syntax.Statement;
import dev.athanor.engine.starlark.syntax.UnaryOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parameters of a function, and how the arguments of a call are bound to them.
///
/// Binding fills an array of slots: the parameters that can be given by position, those that can
/// only be given by name, then `*args` and `**kwargs`.
public final class Signature {
  private final String[] names;
  private final int positionalCount;
  private final boolean positionalOnly;
  private final boolean hasArgs;
  private final boolean hasKwargs;

  /// By parameter; null for a mandatory one, [#ABSENT] for one that may stay without a value.
  private final @Nullable Object[] defaults;

  private static final Object ABSENT = new Object();

  private Signature(
      String[] names,
      int positionalCount,
      boolean positionalOnly,
      boolean hasArgs,
      boolean hasKwargs,
      @Nullable Object[] defaults) {
    this.names = names;
    this.positionalCount = positionalCount;
    this.positionalOnly = positionalOnly;
    this.hasArgs = hasArgs;
    this.hasKwargs = hasKwargs;
    this.defaults = defaults;
  }

  /// Reads the parameters of a function in Java, for example `include, exclude=[], *, empty=True`.
  /// Defaults are literals; the default `unset` makes a parameter optional and leaves it without
  /// value.
  public static Signature parse(String parameters) {
    return parse(parameters, false);
  }

  /// The same, for parameters that cannot be given by name unless they stand behind a `*`.
  public static Signature positional(String parameters) {
    return parse(parameters, true);
  }

  private static Signature parse(String parameters, boolean positionalOnly) {
    Source source = Source.of("signature", "def f(" + parameters + "): pass");
    ParsedFile file = Parser.parse(source, Dialect.SCRIPT);
    if (!file.errors().isEmpty() || !(file.statements().getFirst() instanceof Statement.Def def)) {
      throw new IllegalArgumentException("bad signature: " + file.errors());
    }
    List<@Nullable Object> defaults = new ArrayList<>();
    for (Parameter parameter : def.parameters()) {
      if (parameter instanceof Parameter.Mandatory) {
        defaults.add(null);
      } else if (parameter instanceof Parameter.Optional(_, var value, _)) {
        defaults.add(literal(value));
      }
    }
    return of(def.parameters(), positionalOnly, defaults.toArray());
  }

  /// The signature of a declaration, with the values of the defaults by parameter.
  public static Signature of(List<Parameter> parameters, @Nullable Object[] defaults) {
    return of(parameters, false, defaults);
  }

  private static Signature of(
      List<Parameter> parameters, boolean positionalOnly, @Nullable Object[] defaults) {
    List<String> names = new ArrayList<>();
    int positionalCount = -1;
    boolean hasArgs = false;
    boolean hasKwargs = false;
    for (Parameter parameter : parameters) {
      switch (parameter) {
        case Parameter.Mandatory(var name, _) -> names.add(name.name());
        case Parameter.Optional(var name, _, _) -> names.add(name.name());
        case Parameter.Star(var name, _) -> {
          positionalCount = names.size();
          hasArgs = name != null;
        }
        case Parameter.StarStar _ -> hasKwargs = true;
      }
    }
    return new Signature(
        names.toArray(new String[0]),
        positionalCount < 0 ? names.size() : positionalCount,
        positionalOnly,
        hasArgs,
        hasKwargs,
        defaults);
  }

  private static Object literal(Expression expression) {
    return switch (expression) {
      case Expression.IntLiteral(var value, _) -> Ints.of(value);
      case Expression.FloatLiteral(var value, _) -> value;
      case Expression.StringLiteral(var value, _) -> value;
      case Expression.TupleDisplay(var elements, _) when elements.isEmpty() -> Tuple.EMPTY;
      case Expression.ListDisplay(var elements, _) when elements.isEmpty() ->
          StarlarkList.create(Mutability.IMMUTABLE);
      case Expression.DictDisplay(var entries, _) when entries.isEmpty() ->
          Dict.create(Mutability.IMMUTABLE);
      case Expression.Unary(var operator, Expression.IntLiteral(var value, _), _)
          when operator == UnaryOperator.MINUS ->
          Ints.of(value.negate());
      case Identifier(var name, _, _) ->
          switch (name) {
            case "None" -> None.NONE;
            case "True" -> true;
            case "False" -> false;
            case "unset" -> ABSENT;
            default -> throw new IllegalArgumentException("not a literal: " + name);
          };
      default -> throw new IllegalArgumentException("not a literal: " + expression);
    };
  }

  public int slotCount() {
    return names.length + (hasArgs ? 1 : 0) + (hasKwargs ? 1 : 0);
  }

  int argsSlot() {
    return hasArgs ? names.length : -1;
  }

  int kwargsSlot() {
    return hasKwargs ? names.length + (hasArgs ? 1 : 0) : -1;
  }

  int slot(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /// Puts the arguments of a call of `function` into the slots; parameters without value stay null.
  public void bind(
      String function, Arguments arguments, Mutability mutability, @Nullable Object[] slots)
      throws EvalError {
    Object[] positional = arguments.positional;
    int given = Math.min(positional.length, positionalCount);
    System.arraycopy(positional, 0, slots, 0, given);
    if (hasArgs) {
      slots[names.length] =
          Tuple.wrap(Arrays.copyOfRange(positional, given, Math.max(given, positional.length)));
    } else if (positional.length > positionalCount) {
      throw tooMany(function, positional.length);
    }
    if (arguments.names.length > 0 || hasKwargs) {
      bindNamed(function, arguments, mutability, slots);
    }
    for (int i = given; i < names.length; i++) {
      if (slots[i] == null) {
        Object value = defaults[i];
        if (value == null) {
          throw missing(function, slots);
        }
        slots[i] = value == ABSENT ? null : value;
      }
    }
  }

  private void bindNamed(
      String function, Arguments arguments, Mutability mutability, @Nullable Object[] slots)
      throws EvalError {
    Dict kwargs = hasKwargs ? Dict.create(mutability) : null;
    for (int i = 0; i < arguments.names.length; i++) {
      String name = arguments.names[i];
      int slot = slot(name);
      if (slot >= 0 && (!positionalOnly || slot >= positionalCount)) {
        if (slots[slot] != null) {
          throw new EvalError(function + "() got two values for parameter '" + name + "'");
        }
        slots[slot] = arguments.named[i];
      } else if (kwargs != null) {
        kwargs.putUnchecked(name, arguments.named[i]);
      } else {
        throw unexpected(function, name, slot);
      }
    }
    if (kwargs != null) {
      slots[kwargsSlot()] = kwargs;
    }
  }

  /// As a declaration would write it: `elements, /, *, key=None`. A default of `…` stands for an
  /// argument that may be left out.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      if (i == positionalCount) {
        parts.add(hasArgs ? "*args" : "*");
      }
      parts.add(written(i));
      if (positionalOnly && i + 1 == positionalCount) {
        parts.add("/");
      }
    }
    if (hasArgs && names.length == positionalCount) {
      parts.add("*args");
    }
    if (hasKwargs) {
      parts.add("**kwargs");
    }
    return String.join(", ", parts);
  }

  private String written(int parameter) {
    Object value = defaults[parameter];
    if (value == null) {
      return names[parameter];
    }
    return names[parameter] + "=" + (value == ABSENT ? "…" : new Printer().repr(value));
  }

  private EvalError unexpected(String function, String name, int slot) {
    if (slot >= 0) {
      return new EvalError(function + "() takes parameter '" + name + "' by position, not by name");
    }
    List<String> candidates =
        List.of(names).subList(positionalOnly ? positionalCount : 0, names.length);
    return new EvalError(
        function + "() has no parameter '" + name + "'" + Spelling.hint(name, candidates));
  }

  private EvalError tooMany(String function, int given) {
    return new EvalError(
        function
            + "() takes "
            + (positionalCount == 0 ? "no" : "at most " + positionalCount)
            + " positional "
            + (positionalCount == 1 ? "argument" : "arguments")
            + ", got "
            + given);
  }

  private EvalError missing(String function, @Nullable Object[] slots) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      if (slots[i] == null && defaults[i] == null) {
        missing.add("'" + names[i] + "'");
      }
    }
    return new EvalError(
        function
            + "() misses "
            + (missing.size() == 1 ? "argument " : "arguments ")
            + String.join(", ", missing));
  }
}
