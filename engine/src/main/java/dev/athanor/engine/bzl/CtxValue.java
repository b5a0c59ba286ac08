package dev.athanor.engine.bzl;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.StarlarkList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `ctx`: what the function of a user rule sees of its target.
final class CtxValue implements HasFields {
  private final RuleContext context;
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final List<Artifact> predeclared = new ArrayList<>();
  private final Optional<Artifact.Derived> executable;
  private final ActionsValue actions;

  private CtxValue(
      RuleContext context, ActionsValue actions, Optional<Artifact.Derived> executable) {
    this.context = context;
    this.actions = actions;
    this.executable = executable;
  }

  static CtxValue of(
      RuleContext context, Map<String, AttrValue> attributes, Toolbox toolbox, boolean executable)
      throws EvalError {
    Optional<Artifact.Derived> program =
        executable
            ? Optional.of(context.output(context.label().name(), Artifact.Derived.Kind.EXECUTABLE))
            : Optional.empty();
    CtxValue ctx = new CtxValue(context, new ActionsValue(context, toolbox), program);
    ctx.fill(attributes);
    return ctx;
  }

  /// The program that the rule made under the name that was reserved for it.
  Optional<Artifact> usedExecutable() {
    return executable.filter(actions::makes).map(Artifact.class::cast);
  }

  /// What the target's output attributes name.
  List<Artifact> outputs() {
    return predeclared;
  }

  private void fill(Map<String, AttrValue> attributes) throws EvalError {
    Map<String, Object> attr = new LinkedHashMap<>();
    Map<String, Object> file = new LinkedHashMap<>();
    Map<String, Object> files = new LinkedHashMap<>();
    Map<String, Object> programs = new LinkedHashMap<>();
    Map<String, Object> outputs = new LinkedHashMap<>();
    attr.put("name", context.label().name());
    for (Map.Entry<String, AttrValue> entry : attributes.entrySet()) {
      String name = entry.getKey();
      AttrValue declared = entry.getValue();
      attr.put(name, value(name, declared));
      List<ConfiguredTarget> dependencies = dependencies(context, name, declared);
      Set<Artifact> all = new LinkedHashSet<>();
      dependencies.forEach(target -> all.addAll(target.providers().defaultInfo().files()));
      files.put(name, StarlarkList.immutable(Values.fileValues(List.copyOf(all))));
      if (declared.singleFile()) {
        file.put(name, all.isEmpty() ? None.NONE : new FileValue(all.iterator().next()));
      }
      if (declared.executable()) {
        programs.put(name, program(name, dependencies));
      }
      if (declared.attribute().type() == Attribute.Type.OUTPUTS) {
        outputs.put(name, outputs(name, declared));
      }
    }
    executable.ifPresent(made -> outputs.put("executable", new FileValue(made)));
    fields.put("attr", Struct.of("attr", attr));
    fields.put("file", Struct.of("file", file));
    fields.put("files", Struct.of("files", files));
    fields.put("executable", Struct.of("executable", programs));
    fields.put("outputs", Struct.of("outputs", outputs));
    fields.put("actions", actions);
    fields.put("label", new LabelValue(context.label()));
    fields.put("var", Dict.immutable(context.configuration().flags()));
    fields.put("runfiles", runfiles());
    fields.put("platform", platform());
  }

  private Struct platform() {
    return Struct.of(
        "platform",
        Map.of(
            "os", context.configuration().os(),
            "architecture", context.configuration().architecture(),
            "variant", context.configuration().variant()));
  }

  private Object outputs(String name, AttrValue declared) {
    List<Object> made = new ArrayList<>();
    for (String output : context.attributes().strings(name)) {
      Artifact.Derived artifact = context.file(output);
      predeclared.add(artifact);
      made.add(new FileValue(artifact));
    }
    if (!declared.singleOutput()) {
      return StarlarkList.immutable(made);
    }
    return made.isEmpty() ? None.NONE : made.getFirst();
  }

  private Object program(String name, List<ConfiguredTarget> dependencies) {
    if (dependencies.isEmpty()) {
      return None.NONE;
    }
    ConfiguredTarget dependency = dependencies.getFirst();
    return dependency
        .providers()
        .defaultInfo()
        .executable()
        .<Object>map(FileValue::new)
        .orElseThrow(() -> context.error(name, dependency.label() + " is not executable", ""));
  }

  /// The attribute's value in the language; labels become targets.
  private Object value(String name, AttrValue declared) throws EvalError {
    Attributes given = context.attributes();
    if (!given.values().containsKey(name)) {
      return declared.attribute().type() == Attribute.Type.STRING ? "" : None.NONE;
    }
    return switch (declared.attribute().type()) {
      case LABEL -> target(given.label(name).orElseThrow());
      case LABELS -> StarlarkList.immutable(given.labels(name).stream().map(this::target).toList());
      case LABEL_MAP -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        given.labelMap(name).forEach((label, text) -> map.put(target(label), text));
        yield Dict.immutable(map);
      }
      case STRING, INT, BOOL, STRINGS, INTS, STRING_MAP, STRING_LIST_MAP, OUTPUTS ->
          Values.ofPlain(Objects.requireNonNull(given.values().get(name)));
    };
  }

  private TargetValue target(Label label) {
    return new TargetValue(context.analysed(label));
  }

  private static Builtin runfiles() {
    return Builtin.of(
        "runfiles",
        "files=[], transitive_files=None",
        (_, arguments) -> {
          Set<Artifact> all = new LinkedHashSet<>(Values.files(arguments.get("files")));
          all.addAll(Values.files(arguments.get("transitive_files")));
          return new Runfiles(List.copyOf(all));
        });
  }

  /// What a label attribute names, whatever its type.
  static List<ConfiguredTarget> dependencies(RuleContext context, String name, AttrValue declared) {
    return switch (declared.attribute().type()) {
      case LABEL -> context.dependency(name).stream().toList();
      case LABELS -> context.dependencies(name);
      case LABEL_MAP ->
          context.attributes().labelMap(name).keySet().stream().map(context::analysed).toList();
      case STRING, INT, BOOL, STRINGS, INTS, STRING_MAP, STRING_LIST_MAP, OUTPUTS -> List.of();
    };
  }

  static boolean isEmpty(RuleContext context, String name) {
    Object value = context.attributes().values().get(name);
    return switch (value) {
      case Collection<?> collection -> collection.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case null, default -> false;
    };
  }

  @Override
  public String type() {
    return "ctx";
  }

  @Override
  public @Nullable Object field(String name) {
    return fields.get(name);
  }

  @Override
  public Collection<String> fieldNames() {
    return fields.keySet();
  }
}
