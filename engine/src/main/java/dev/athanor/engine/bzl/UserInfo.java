package dev.athanor.engine.bzl;

import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Printer;
import dev.athanor.engine.starlark.value.Starlark;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An instance of a [UserProvider].
record UserInfo(UserProvider provider, Map<String, Object> fields) implements Provider, HasFields {
  UserInfo {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  @Override
  public Object kind() {
    return provider;
  }

  @Override
  public String type() {
    return provider.name();
  }

  @Override
  public boolean isImmutable() {
    return fields.values().stream().allMatch(Starlark::isImmutable);
  }

  @Override
  public @Nullable Object field(String name) {
    return fields.get(name);
  }

  @Override
  public Collection<String> fieldNames() {
    return fields.keySet();
  }

  @Override
  public void repr(Printer printer) {
    printer.append(provider.name()).append("(");
    String separator = "";
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      printer.append(separator).append(field.getKey()).append(" = ").repr(field.getValue());
      separator = ", ";
    }
    printer.append(")");
  }
}
