package dev.athanor.engine.bzl;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Printer;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A label as a value of the language.
record LabelValue(Label label) implements HasFields {
  @Override
  public String type() {
    return "Label";
  }

  @Override
  public @Nullable Object field(String name) {
    return switch (name) {
      case "name" -> label.name();
      case "package" -> label.pkg().text();
      default -> null;
    };
  }

  @Override
  public Collection<String> fieldNames() {
    return List.of("name", "package");
  }

  @Override
  public void str(Printer printer) {
    printer.append(label.toString());
  }

  @Override
  public void repr(Printer printer) {
    printer.append("Label(").repr(label.toString()).append(")");
  }
}
