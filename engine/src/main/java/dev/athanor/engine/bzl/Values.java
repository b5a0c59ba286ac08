package dev.athanor.engine.bzl;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.value.Dict;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Mutability;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Between values of the language and plain Java ones.
final class Values {
  private Values() {}

  /// An artifact, label, string, boolean, number, or list or map of these as an immutable value.
  static Object ofPlain(Object plain) throws EvalError {
    return switch (plain) {
      case Artifact artifact -> new FileValue(artifact);
      case Label label -> new LabelValue(label);
      case List<?> list -> {
        List<Object> values = new ArrayList<>();
        for (Object element : list) {
          values.add(ofPlain(element));
        }
        yield StarlarkList.immutable(values);
      }
      case Map<?, ?> map -> {
        Map<Object, Object> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          values.put(ofPlain(entry.getKey()), ofPlain(entry.getValue()));
        }
        yield Dict.immutable(values);
      }
      default -> Starlark.fromJava(plain, Mutability.IMMUTABLE);
    };
  }

  /// The other way.
  static Object toPlain(Object value) throws EvalError {
    return switch (value) {
      case FileValue file -> file.artifact();
      case LabelValue label -> label.label();
      case Depset depset -> toPlain(StarlarkList.immutable(depset.toList()));
      case Sequence list -> {
        List<Object> plain = new ArrayList<>();
        for (Object element : list) {
          plain.add(toPlain(element));
        }
        yield plain;
      }
      case None _ -> "";
      case String text -> text;
      case Boolean bool -> bool;
      default ->
          throw new EvalError("a value of type " + Starlark.type(value) + " cannot be used here");
    };
  }

  /// Every file in a File, a target, or a list or depset of files and targets.
  static List<Artifact> files(Object value) throws EvalError {
    return switch (value) {
      case FileValue file -> List.of(file.artifact());
      case TargetValue target -> target.target().providers().defaultInfo().files();
      case Depset depset -> files(StarlarkList.immutable(depset.toList()));
      case None _ -> List.of();
      case Sequence list -> {
        List<Artifact> files = new ArrayList<>();
        for (Object element : list) {
          files.addAll(files(element));
        }
        yield files;
      }
      default -> throw new EvalError("expected files, got a value of type " + Starlark.type(value));
    };
  }

  static List<Object> fileValues(List<? extends Artifact> artifacts) {
    return artifacts.stream().<Object>map(FileValue::new).toList();
  }
}
