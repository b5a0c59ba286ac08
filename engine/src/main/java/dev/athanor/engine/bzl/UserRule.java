package dev.athanor.engine.bzl;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.test.TestRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A rule that a .bzl file defines: called in a BUILD file, it declares a target.
final class UserRule implements Callable, Exportable {
  static final Builtin CONSTRUCTOR =
      Builtin.of(
          "rule",
          "implementation, *, attrs={}, doc='', executable=False, test=False, provides=[], outputs=None",
          UserRule::create);

  private final Callable implementation;
  private final Map<String, AttrValue> attributes;
  private final String doc;
  private final boolean executable;
  private final boolean test;
  private final Toolbox toolbox;
  private volatile String name = "rule";

  private UserRule(
      Callable implementation,
      Map<String, AttrValue> attributes,
      String doc,
      boolean executable,
      boolean test,
      Toolbox toolbox) {
    this.implementation = implementation;
    this.attributes = attributes;
    this.doc = doc;
    this.executable = executable;
    this.test = test;
    this.toolbox = toolbox;
  }

  private static UserRule create(StarlarkThread thread, BoundArguments arguments) throws EvalError {
    BzlContext context = thread.require(BzlContext.class, "rule");
    Map<String, AttrValue> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, AttrValue> attribute :
        arguments.map("attrs", AttrValue.class, "Attribute").entrySet()) {
      String attributeName = attribute.getKey();
      if (!attributeName.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw arguments.invalid("attrs", "'" + attributeName + "' is not an identifier");
      }
      if (attributeName.startsWith("_")
          && attribute.getValue().attribute().defaultValue().isEmpty()) {
        throw arguments.invalid(
            "attrs", "the private attribute '" + attributeName + "' needs a default");
      }
      attributes.put(attributeName, attribute.getValue());
    }
    if (arguments.bool("test")) {
      checkTestAttributes(arguments, attributes);
    }
    return new UserRule(
        arguments.callable("implementation"),
        attributes,
        arguments.string("doc"),
        arguments.bool("executable") || arguments.bool("test"),
        arguments.bool("test"),
        context.toolbox());
  }

  /// A rule may describe an attribute anew that all rules for tests have, but not give it another
  /// type.
  private static void checkTestAttributes(
      BoundArguments arguments, Map<String, AttrValue> attributes) throws EvalError {
    for (Attribute common : TestRule.ATTRIBUTES) {
      AttrValue own = attributes.get(common.name());
      if (own != null && own.attribute().type() != common.type()) {
        throw arguments.invalid(
            "attrs", "'" + common.name() + "' is a " + common.type() + " of every rule for tests");
      }
    }
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
    return "rule";
  }

  @Override
  public Object call(StarlarkThread thread, Arguments arguments)
      throws EvalError, InterruptedException {
    return thread.call(
        Builtin.of(
            name,
            "**kwargs",
            (_, bound) -> {
              TargetSink sink =
                  thread
                      .find(TargetSink.class)
                      .orElseThrow(() ->
                          new EvalError(
                              "a rule is called from a BUILD file, or from a function that a BUILD file calls"));
              if (test && !name.endsWith("_test")) {
                throw new EvalError(
                    "the name of a rule for tests must end in _test, unlike " + name);
              }
              sink.add(thread, rule(), publicArguments(bound.kwargsMap()));
              return None.NONE;
            }),
        arguments);
  }

  private Map<String, Object> publicArguments(Map<String, Object> arguments) throws EvalError {
    for (String argument : arguments.keySet()) {
      if (argument.startsWith("_")) {
        throw new EvalError(name + ": the attribute '" + argument + "' is private to the rule");
      }
    }
    return arguments;
  }

  private Rule rule() {
    List<Attribute> named = new ArrayList<>();
    attributes.forEach((key, value) -> named.add(value.attribute().named(key)));
    if (test) {
      TestRule.ATTRIBUTES.stream()
          .filter(common -> !attributes.containsKey(common.name()))
          .forEach(named::add);
    }
    return Rule.of(
        name,
        doc,
        named,
        new UserRuleCall(name, implementation, attributes, executable, test, toolbox));
  }

  @Override
  public void repr(Printer printer) {
    printer.append("<rule ").append(name).append(">");
  }
}
