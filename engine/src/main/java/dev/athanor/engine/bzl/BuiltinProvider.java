package dev.athanor.engine.bzl;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.starlark.value.Arguments;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The two providers that every target has a share in. What a rule makes of them ends up in one
/// [DefaultInfo].
record BuiltinProvider(Kind kind) implements Callable {
  static final BuiltinProvider DEFAULT_INFO = new BuiltinProvider(Kind.DEFAULT_INFO);
  static final BuiltinProvider OUTPUT_GROUP_INFO = new BuiltinProvider(Kind.OUTPUT_GROUP_INFO);

  enum Kind {
    DEFAULT_INFO("DefaultInfo", "*, files=None, executable=None, runfiles=None"),
    OUTPUT_GROUP_INFO("OutputGroupInfo", "**groups");

    private final String title;
    private final String signature;

    Kind(String title, String signature) {
      this.title = title;
      this.signature = signature;
    }
  }

  @Override
  public String name() {
    return kind.title;
  }

  @Override
  public String type() {
    return "Provider";
  }

  /// Its parameters, for documentation.
  String signature() {
    return kind.signature;
  }

  /// What a rule returns: absent parts are those it said nothing of.
  record Part(
      Optional<List<Artifact>> files,
      Optional<Artifact> executable,
      List<Artifact> runfiles,
      Map<String, List<Artifact>> groups)
      implements Value {
    @Override
    public String type() {
      return "DefaultInfo";
    }

    /// This and what another part says.
    Part and(Part that) {
      Map<String, List<Artifact>> all = new LinkedHashMap<>(groups);
      all.putAll(that.groups);
      return new Part(
          files.or(that::files),
          executable.or(that::executable),
          runfiles.isEmpty() ? that.runfiles : runfiles,
          all);
    }
  }

  static final Part NOTHING = new Part(Optional.empty(), Optional.empty(), List.of(), Map.of());

  @Override
  public Object call(StarlarkThread thread, Arguments arguments)
      throws EvalError, InterruptedException {
    return thread.call(
        Builtin.of(kind.title, kind.signature, (_, bound) -> make(bound)), arguments);
  }

  private Part make(BoundArguments arguments) throws EvalError {
    return switch (kind) {
      case DEFAULT_INFO ->
          new Part(
              arguments.has("files")
                  ? Optional.of(Values.files(arguments.get("files")))
                  : Optional.empty(),
              arguments.optional("executable", FileValue.class, "File").map(FileValue::artifact),
              arguments
                  .optional("runfiles", Runfiles.class, "runfiles")
                  .map(Runfiles::files)
                  .orElse(List.of()),
              Map.of());
      case OUTPUT_GROUP_INFO -> {
        Map<String, List<Artifact>> groups = new LinkedHashMap<>();
        for (Map.Entry<String, Object> group : arguments.kwargsMap().entrySet()) {
          groups.put(group.getKey(), Values.files(group.getValue()));
        }
        yield new Part(Optional.empty(), Optional.empty(), List.of(), groups);
      }
    };
  }
}
