package dev.athanor.engine.bzl;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `attr`: the functions that declare attributes of user rules.
final class AttrModule {
  private static final String COMMON = "default=None, doc='', mandatory=False";
  private static final String FILES =
      ", allow_files=True, allow_single_file=False, providers=[], executable=False, cfg=None";

  private AttrModule() {}

  static Struct create() {
    Map<String, Object> functions = new LinkedHashMap<>();
    define(functions, "string", Attribute.Type.STRING, ", values=[]");
    define(functions, "int", Attribute.Type.INT, ", values=[]");
    define(functions, "bool", Attribute.Type.BOOL, "");
    define(functions, "string_list", Attribute.Type.STRINGS, ", allow_empty=True");
    define(functions, "int_list", Attribute.Type.INTS, ", allow_empty=True");
    define(functions, "string_dict", Attribute.Type.STRING_MAP, ", allow_empty=True");
    define(functions, "string_list_dict", Attribute.Type.STRING_LIST_MAP, ", allow_empty=True");
    define(functions, "label", Attribute.Type.LABEL, FILES);
    define(functions, "label_list", Attribute.Type.LABELS, FILES + ", allow_empty=True");
    define(
        functions,
        "label_keyed_string_dict",
        Attribute.Type.LABEL_MAP,
        FILES + ", allow_empty=True");
    define(functions, "output", Attribute.Type.OUTPUTS, "");
    define(functions, "output_list", Attribute.Type.OUTPUTS, ", allow_empty=True");
    return Struct.of("attr", functions);
  }

  private static void define(
      Map<String, Object> functions, String name, Attribute.Type type, String more) {
    functions.put(
        name,
        Builtin.of(
            name,
            "*, " + COMMON + more,
            (thread, arguments) -> attribute(thread, name, type, more, arguments)));
  }

  private static AttrValue attribute(
      StarlarkThread thread,
      String function,
      Attribute.Type type,
      String more,
      BoundArguments given)
      throws EvalError {
    Attribute attribute = Attribute.of("", type, given.string("doc"));
    Object unset = given.get("default");
    if (unset != None.NONE) {
      attribute = attribute.orElse(plain(thread, type, unset, given));
    }
    if (given.bool("mandatory")) {
      attribute = attribute.required();
    }
    if (more.contains("values") && type == Attribute.Type.STRING) {
      attribute = attribute.oneOf(given.strings("values").toArray(String[]::new));
    }
    if (function.equals("output")) {
      attribute = attribute.scalarOrList();
    }
    boolean files = more.contains("allow_single_file");
    return new AttrValue(
        attribute,
        files
            && given.get("allow_single_file") != None.NONE
            && !given.get("allow_single_file").equals(false),
        files && given.bool("executable"),
        function.equals("output"),
        files ? providers(given.get("providers")) : List.of(),
        more.contains("allow_empty") && !given.bool("allow_empty"));
  }

  private static List<Object> providers(Object value) throws EvalError {
    List<Object> all = new ArrayList<>();
    if (value instanceof Sequence list) {
      for (Object element : list) {
        if (element instanceof Sequence) {
          throw new EvalError("alternatives of providers are not supported: give one list");
        }
        all.add(element);
      }
    }
    return all;
  }

  /// A default in the form that [dev.athanor.engine.rule.Attributes] has.
  private static Object plain(
      StarlarkThread thread, Attribute.Type type, Object value, BoundArguments given)
      throws EvalError {
    return switch (type) {
      case LABEL -> label(thread, value, given);
      case LABELS -> {
        List<Label> labels = new ArrayList<>();
        for (Object element : given.get("default", Sequence.class, "list")) {
          labels.add(label(thread, element, given));
        }
        yield List.copyOf(labels);
      }
      case STRING -> given.string("default");
      case BOOL -> given.bool("default");
      case INT -> (long) given.integer("default");
      case STRINGS, OUTPUTS -> List.copyOf(given.strings("default"));
      case INTS -> given.elements("default", Long.class, "int");
      case STRING_MAP -> given.map("default", String.class, "string");
      case STRING_LIST_MAP, LABEL_MAP -> {
        if (given.dict("default").size() > 0) {
          throw given.invalid("default", "must be empty for this type");
        }
        yield Map.of();
      }
    };
  }

  private static Label label(StarlarkThread thread, Object value, BoundArguments given)
      throws EvalError {
    if (value instanceof LabelValue label) {
      return label.label();
    }
    if (!(value instanceof String text)) {
      throw given.invalid("default", "must be a label");
    }
    try {
      return Label.parse(text, thread.require(BzlContext.class, "attr.label").pkg());
    } catch (UserException e) {
      throw given.invalid("default", String.valueOf(e.getMessage()));
    }
  }
}
