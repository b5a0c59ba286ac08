package dev.athanor.engine.bzl;

import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.starlark.lib.Struct;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Indexable;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A dependency as rules see it: `target[Provider]`, `Provider in target`, and the most used
/// fields.
record TargetValue(ConfiguredTarget target) implements HasFields, Indexable {
  @Override
  public String type() {
    return "Target";
  }

  @Override
  public @Nullable Object field(String name) {
    return switch (name) {
      case "label" -> new LabelValue(target.label());
      case "files" -> Depset.of(Values.fileValues(info().files()));
      default -> null;
    };
  }

  @Override
  public Collection<String> fieldNames() {
    return List.of("files", "label");
  }

  @Override
  public Object index(Object key) throws EvalError {
    return find(key)
        .orElseThrow(() ->
            new EvalError(target.label() + " (" + target.rule() + ") does not provide " + key));
  }

  @Override
  public boolean contains(Object key) throws EvalError {
    return find(key).isPresent();
  }

  private Optional<Object> find(Object key) throws EvalError {
    return switch (key) {
      case UserProvider provider -> target.providers().find(provider).map(Object.class::cast);
      case BuiltinProvider builtin ->
          Optional.of(
              switch (builtin.kind()) {
                case DEFAULT_INFO -> defaultInfo();
                case OUTPUT_GROUP_INFO -> groups();
              });
      case NativeProvider provider -> {
        Optional<Provider> found = target.providers().find(provider.kind().type());
        yield found.isPresent() ? Optional.of(provider.read(found.get())) : Optional.empty();
      }
      default ->
          throw new EvalError(
              "a target is indexed by providers, not by values of type " + Starlark.type(key));
    };
  }

  private Struct defaultInfo() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("files", Depset.of(Values.fileValues(info().files())));
    fields.put("executable", info().executable().<Object>map(FileValue::new).orElse(None.NONE));
    fields.put("default_runfiles", new Runfiles(info().runfiles()));
    return Struct.of("DefaultInfo", fields);
  }

  private Struct groups() {
    Map<String, Object> groups = new LinkedHashMap<>();
    info().groups().forEach((name, files) -> groups.put(name, Depset.of(Values.fileValues(files))));
    return Struct.of("OutputGroupInfo", groups);
  }

  private DefaultInfo info() {
    return target.providers().defaultInfo();
  }

  @Override
  public void repr(Printer printer) {
    printer.append("<target ").append(target.label().toString()).append(">");
  }
}
