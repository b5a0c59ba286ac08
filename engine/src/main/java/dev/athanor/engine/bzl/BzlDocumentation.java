package dev.athanor.engine.bzl;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.ProviderType;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.starlark.lib.Documentation;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What there is to read about the names of .bzl files, and about the values that rules work with.
public final class BzlDocumentation {
  private static final Label LABEL = Label.parseAbsolute("//:sample");

  private BzlDocumentation() {}

  public static List<Documentation.Section> sections(Toolbox toolbox) {
    Map<String, Object> functions = BzlFunctions.create(toolbox);
    toolbox.providers().forEach(type -> functions.remove(type.name()));
    Map<String, String> names = new TreeMap<>(Documentation.parameters("", functions));
    functions.forEach((name, value) -> {
      if (value instanceof BuiltinProvider provider) {
        names.put(name, "(" + provider.signature() + ")");
      }
    });
    samples(toolbox)
        .forEach((type, sample) -> {
          for (String field : sample.fieldNames()) {
            names.putAll(Documentation.parameters(type + ".", Map.of(field, value(sample, field))));
          }
        });
    List<Documentation.Section> sections =
        new ArrayList<>(Documentation.read(BzlDocumentation.class, names));
    sections.add(new Documentation.Section("Providers of built-in rules", providers(toolbox)));
    return sections;
  }

  private static List<Documentation.Entry> providers(Toolbox toolbox) {
    List<Documentation.Entry> entries = new ArrayList<>();
    for (ProviderType<?> type : toolbox.providers()) {
      String fields = String.join(", ", type.fields());
      entries.add(new Documentation.Entry(type.name(), "(*, " + fields + ")", type.doc()));
    }
    return entries;
  }

  /// One value of each type, for its fields.
  private static Map<String, HasFields> samples(Toolbox toolbox) {
    Artifact.Derived file = Artifact.Derived.file(LABEL, "file");
    SampleContext context = new SampleContext(LABEL);
    ConfiguredTarget target =
        new ConfiguredTarget(
            LABEL,
            "",
            "sample",
            new Attributes(Map.of(), Set.of()),
            Providers.of(),
            List.of(),
            List.of());
    Map<String, HasFields> samples = new TreeMap<>();
    samples.put("attr", AttrModule.create());
    samples.put("actions", new ActionsValue(context, toolbox));
    samples.put("Args", new ArgsValue());
    samples.put("File", new FileValue(file));
    samples.put("Target", new TargetValue(target));
    samples.put("Label", new LabelValue(LABEL));
    samples.put("depset", Depset.of(List.of()));
    samples.put("runfiles", new Runfiles(List.of()));
    try {
      samples.put("ctx", CtxValue.of(context, Map.of(), toolbox, true));
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
    return samples;
  }

  private static Object value(HasFields sample, String field) {
    try {
      Object value = sample.field(field);
      return value == null ? Struct.of(Map.of()) : value;
    } catch (EvalError e) {
      throw new IllegalStateException(e);
    }
  }
}
