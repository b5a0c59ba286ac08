package dev.athanor.engine.bzl;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.ProviderType;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import java.util.LinkedHashMap;
import java.util.Map;

/// The names that .bzl files find defined, besides those of the language and the rules.
public final class BzlFunctions {
  private BzlFunctions() {}

  public static Map<String, Object> create(Toolbox toolbox) {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("rule", UserRule.CONSTRUCTOR);
    names.put("attr", AttrModule.create());
    names.put("provider", UserProvider.CONSTRUCTOR);
    names.put("depset", Depset.CONSTRUCTOR);
    names.put("struct", Struct.CONSTRUCTOR);
    names.put("DefaultInfo", BuiltinProvider.DEFAULT_INFO);
    names.put("OutputGroupInfo", BuiltinProvider.OUTPUT_GROUP_INFO);
    names.put("Label", label());
    for (ProviderType<?> type : toolbox.providers()) {
      names.put(type.name(), new NativeProvider(type));
    }
    return names;
  }

  private static Builtin label() {
    return Builtin.of(
        "Label",
        "text",
        (thread, arguments) -> {
          try {
            return new LabelValue(
                Label.parse(
                    arguments.string("text"), thread.require(BzlContext.class, "Label").pkg()));
          } catch (UserException e) {
            throw new EvalError(String.valueOf(e.getMessage()), e);
          }
        });
  }
}
