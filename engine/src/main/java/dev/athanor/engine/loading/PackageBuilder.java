package dev.athanor.engine.loading;

import dev.athanor.engine.UserException;
import dev.athanor.engine.bzl.TargetSink;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.Visibility;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A package while its BUILD file is evaluated. A faulty target does not end the evaluation: all
/// errors are told at the end.
final class PackageBuilder implements TargetSink {
  private final Packages packages;
  private final RelativePath path;
  private final Evaluation evaluation;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final Map<String, Target> outputs = new LinkedHashMap<>();
  private final Map<String, Visibility> exports = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();
  private Visibility defaultVisibility = Visibility.PUBLIC;

  PackageBuilder(Packages packages, RelativePath path, Evaluation evaluation) {
    this.packages = packages;
    this.path = path;
    this.evaluation = evaluation;
  }

  /// What the package is computed with; whatever it asks, the package depends on.
  Evaluation evaluation() {
    return evaluation;
  }

  RelativePath path() {
    return path;
  }

  Packages packages() {
    return packages;
  }

  List<String> errors() {
    return errors;
  }

  /// A call of a rule in the BUILD file or in a macro.
  @Override
  public void add(StarlarkThread thread, Rule rule, Map<String, Object> arguments) {
    try {
      Attributes attributes = reader(rule.name(), rule.attributes()).read(named(arguments));
      declare(
          new Target(
              label(attributes), rule, attributes, visibility(attributes), location(thread)));
    } catch (EvalError | UserException e) {
      error(thread, e);
    }
  }

  /// A call of a macro that is not written in the build language.
  void add(StarlarkThread thread, Macro macro, Map<String, Object> arguments) {
    try {
      Attributes given = reader(macro.name(), macro.attributes()).read(named(arguments));
      for (Macro.Expansion expansion : macro.expander().expand(given)) {
        Map<String, Object> values = new HashMap<>(expansion.values());
        Rule.COMMON.forEach(common -> values.put(common.name(), given.values().get(common.name())));
        declare(target(expansion, values, given.given(), location(thread)));
      }
    } catch (EvalError | UserException e) {
      error(thread, e);
    }
  }

  private AttributeReader reader(String rule, List<Attribute> attributes) {
    return new AttributeReader(packages.rules(), rule, attributes, path);
  }

  /// A target without a name is called as its directory is. The workspace's own directory may be
  /// called anything, so targets there must say.
  private Map<String, Object> named(Map<String, Object> arguments) {
    if (path.isRoot() || arguments.containsKey("name")) {
      return arguments;
    }
    Map<String, Object> named = new LinkedHashMap<>(arguments);
    named.put("name", path.name());
    return named;
  }

  /// A target that the package has unless it declares the name itself.
  void addSilently(Macro.Expansion expansion) {
    if (!targets.containsKey(expansion.name())) {
      Map<String, Object> values = new HashMap<>(expansion.values());
      Rule.COMMON.forEach(
          common -> common.defaultValue().ifPresent(v -> values.put(common.name(), v)));
      values.put("tags", List.of("manual"));
      Target target = target(expansion, values, Set.of(), Target.BUILT_IN);
      targets.put(expansion.name(), target);
    }
  }

  LoadedPackage finish() {
    if (!errors.isEmpty()) {
      throw new UserException(String.join("\n", errors));
    }
    return new LoadedPackage(path, targets, outputs, exports);
  }

  /// @param values of common attributes and those that the expansion gives
  private Target target(
      Macro.Expansion expansion, Map<String, Object> values, Set<String> given, String location) {
    Rule rule = Objects.requireNonNull(packages.rules().rules().get(expansion.rule()));
    Map<String, Object> all = new LinkedHashMap<>();
    for (Attribute attribute : rule.attributes()) {
      Object value = values.get(attribute.name());
      if (value != null) {
        all.put(attribute.name(), value);
      } else {
        attribute.defaultValue().ifPresent(unset -> all.put(attribute.name(), unset));
      }
    }
    all.put("name", expansion.name());
    Set<String> allGiven = new HashSet<>(given);
    allGiven.addAll(expansion.values().keySet());
    Attributes attributes = new Attributes(all, allGiven);
    return new Target(
        new Label(path, expansion.name()), rule, attributes, visibility(attributes), location);
  }

  /// What targets get that say nothing of their visibility, from here on.
  void defaultVisibility(List<String> entries) {
    defaultVisibility = Visibility.parse(entries, path);
  }

  /// Says who may use source files.
  void export(List<String> files, Visibility visibility) {
    files.forEach(file -> exports.put(file, visibility));
  }

  private Visibility visibility(Attributes attributes) {
    return attributes.isGiven("visibility")
        ? Visibility.parse(attributes.strings("visibility"), path)
        : defaultVisibility;
  }

  private Label label(Attributes attributes) {
    return new Label(path, attributes.string("name"));
  }

  private void declare(Target target) throws EvalError {
    String name = target.label().name();
    Target other = targets.putIfAbsent(name, target);
    if (other != null) {
      throw new EvalError(
          "two targets are named '" + name + "': the other one is at " + other.location());
    }
    for (Attribute attribute : target.rule().attributes()) {
      if (attribute.type() == Attribute.Type.OUTPUTS) {
        for (String output : target.attributes().strings(attribute.name())) {
          declareOutput(target, output);
        }
      }
    }
  }

  private void declareOutput(Target target, String output) throws EvalError {
    Target other = outputs.putIfAbsent(output, target);
    if (other != null) {
      throw new EvalError(
          "two targets make '"
              + output
              + "': the other one is "
              + other.label()
              + " at "
              + other.location());
    }
  }

  private void error(StarlarkThread thread, Exception e) {
    String hint =
        e instanceof UserException user ? user.hint().map(h -> "\nhint: " + h).orElse("") : "";
    errors.add(new EvalError(e.getMessage() + hint).attach(thread.callStack()).format());
  }

  private static String location(StarlarkThread thread) {
    return thread.callStack().isEmpty() ? "?" : thread.callStack().getFirst().location().toString();
  }
}
