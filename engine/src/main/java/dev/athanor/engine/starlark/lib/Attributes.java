package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.value.Bytes;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.HasSettableFields;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkSet;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attributes of values, `x.name`: methods of the built-in types, fields of the host's.
public final class Attributes {
  private Attributes() {}

  /// The attribute of this name.
  ///
  /// @throws EvalError if there is none, with a hint at what may have been meant
  public static Object get(Object x, String name) throws EvalError {
    Object value = find(x, name);
    if (value == null) {
      throw missing(x, name);
    }
    return value;
  }

  /// The attribute of this name, or null if there is none.
  public static @Nullable Object find(Object x, String name) throws EvalError {
    if (x instanceof HasFields fields) {
      return fields.field(name);
    }
    MethodTable.Method<Object> method = method(x, name);
    return method == null ? null : method.bind(x);
  }

  public static void set(Object x, String name, Object value) throws EvalError {
    if (!(x instanceof HasSettableFields fields)) {
      throw new EvalError("cannot assign to an attribute of a '" + Starlark.type(x) + "' value");
    }
    fields.setField(name, value);
  }

  public static Collection<String> names(Object x) {
    if (x instanceof HasFields fields) {
      return fields.fieldNames();
    }
    MethodTable<?> table = table(x);
    return table == null ? List.of() : table.names();
  }

  /// The method that a built-in type has under this name, or null.
  @SuppressWarnings("unchecked") // the table is the one for the class of x
  public static MethodTable.@Nullable Method<Object> method(Object x, String name) {
    MethodTable<?> table = table(x);
    return table == null ? null : (MethodTable.Method<Object>) table.find(name);
  }

  private static @Nullable MethodTable<?> table(Object x) {
    return switch (x) {
      case String _ -> StringMethods.TABLE;
      case StarlarkList _ -> ListMethods.TABLE;
      case Dict _ -> DictMethods.TABLE;
      case StarlarkSet _ -> SetMethods.TABLE;
      case Bytes _ -> BytesMethods.TABLE;
      default -> null;
    };
  }

  private static EvalError missing(Object x, String name) {
    if (x instanceof HasFields fields) {
      String message = fields.missingField(name);
      if (message != null) {
        return new EvalError(message);
      }
    }
    return new EvalError(
        "'"
            + Starlark.type(x)
            + "' value has no attribute '"
            + name
            + "'"
            + Spelling.hint(name, names(x)));
  }
}
