package dev.athanor.engine.bzl;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Printer;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An artifact as rules see it.
record FileValue(Artifact artifact) implements HasFields {
  private static final List<String> FIELDS =
      List.of(
          "basename",
          "dirname",
          "extension",
          "is_directory",
          "is_source",
          "owner",
          "path",
          "short_path");

  @Override
  public String type() {
    return "File";
  }

  @Override
  public @Nullable Object field(String name) {
    return switch (name) {
      case "path" -> artifact.path().text();
      case "short_path" ->
          switch (artifact) {
            case Artifact.Source source -> source.path().text();
            case Artifact.Derived derived -> derived.visiblePath().text();
          };
      case "basename" -> artifact.path().name();
      case "dirname" -> artifact.path().parent().text();
      case "extension" -> {
        String base = artifact.path().name();
        int dot = base.lastIndexOf('.');
        yield dot < 0 ? "" : base.substring(dot + 1);
      }
      case "is_source" -> artifact instanceof Artifact.Source;
      case "is_directory" ->
          artifact instanceof Artifact.Derived derived
              && derived.kind() == Artifact.Derived.Kind.TREE;
      case "owner" ->
          artifact instanceof Artifact.Derived derived
              ? new LabelValue(derived.owner())
              : None.NONE;
      default -> null;
    };
  }

  @Override
  public Collection<String> fieldNames() {
    return FIELDS;
  }

  @Override
  public void repr(Printer printer) {
    printer.append("<file ").append(artifact.path().text()).append(">");
  }
}
