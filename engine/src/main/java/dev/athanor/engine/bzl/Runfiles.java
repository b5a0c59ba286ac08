package dev.athanor.engine.bzl;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.Sequence;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files that a program needs beside itself when it runs.
record Runfiles(List<Artifact> files) implements HasFields {
  Runfiles {
    files = List.copyOf(files);
  }

  @Override
  public String type() {
    return "runfiles";
  }

  @Override
  public @Nullable Object field(String name) {
    return switch (name) {
      case "files" -> Depset.of(Values.fileValues(files));
      case "merge" ->
          Builtin.of(
              "merge",
              "other",
              (_, arguments) -> merge(List.of(arguments.get("other", Runfiles.class, "runfiles"))));
      case "merge_all" ->
          Builtin.of(
              "merge_all",
              "others",
              (_, arguments) -> merge(arguments.get("others", Sequence.class, "list")));
      default -> null;
    };
  }

  @Override
  public Collection<String> fieldNames() {
    return List.of("files", "merge", "merge_all");
  }

  private Runfiles merge(Iterable<?> others) throws EvalError {
    Set<Artifact> all = new LinkedHashSet<>(files);
    for (Object other : others) {
      if (!(other instanceof Runfiles runfiles)) {
        throw new EvalError("merge_all() takes runfiles only");
      }
      all.addAll(runfiles.files);
    }
    return new Runfiles(List.copyOf(all));
  }
}
