package dev.athanor.engine.bzl;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.ExecutionRootInfo;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.HasFields;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `ctx.actions`: declares outputs and the actions that make them.
final class ActionsValue implements HasFields {
  private static final String COMMAND =
      ", inputs=[], tools=[], arguments=[], env={}, mnemonic='Action', progress_message='', image=None,"
          + " network=False, use_default_shell_env=False";
  private static final List<String> NAMES =
      List.of(
          "args",
          "declare_directory",
          "declare_file",
          "expand_template",
          "run",
          "run_shell",
          "symlink",
          "write");

  private final RuleContext context;
  private final Toolbox toolbox;
  private final Set<Artifact> made = new HashSet<>();

  ActionsValue(RuleContext context, Toolbox toolbox) {
    this.context = context;
    this.toolbox = toolbox;
  }

  /// Whether an action that was declared here makes the artifact.
  boolean makes(Artifact artifact) {
    return made.contains(artifact);
  }

  @Override
  public String type() {
    return "actions";
  }

  @Override
  public Collection<String> fieldNames() {
    return NAMES;
  }

  @Override
  public @Nullable Object field(String name) {
    return switch (name) {
      case "declare_file" ->
          Builtin.of(
              name,
              "filename, *, sibling=None",
              (_, given) -> declare(given, Artifact.Derived.Kind.FILE));
      case "declare_directory" ->
          Builtin.of(
              name,
              "filename, *, sibling=None",
              (_, given) -> declare(given, Artifact.Derived.Kind.TREE));
      case "args" -> Builtin.of(name, "", (_, _) -> new ArgsValue());
      case "write" ->
          Builtin.of(name, "output, content='', is_executable=False", (_, given) -> write(given));
      case "symlink" ->
          Builtin.of(
              name,
              "*, output, target_file, is_executable=False, progress_message=''",
              (_, given) -> symlink(given));
      case "run" -> Builtin.of(name, "*, outputs, executable" + COMMAND, (_, given) -> run(given));
      case "run_shell" ->
          Builtin.of(name, "*, outputs, command" + COMMAND, (_, given) -> runShell(given));
      case "expand_template" ->
          Builtin.of(
              name,
              "*, template, output, substitutions={}, is_executable=False",
              (_, given) -> expandTemplate(given));
      default -> null;
    };
  }

  private FileValue declare(BoundArguments given, Artifact.Derived.Kind kind) throws EvalError {
    String name = given.string("filename");
    Optional<FileValue> sibling = given.optional("sibling", FileValue.class, "File");
    if (sibling.isPresent() && sibling.get().artifact() instanceof Artifact.Derived derived) {
      String folder = derived.visiblePath().parent().text();
      String pkg = context.label().pkg().text();
      String below =
          folder.equals(pkg) ? "" : folder.substring(pkg.isEmpty() ? 0 : pkg.length() + 1);
      name = below.isEmpty() ? name : below + "/" + name;
    }
    try {
      return new FileValue(context.output(name, kind));
    } catch (UserException e) {
      throw given.invalid("filename", String.valueOf(e.getMessage()));
    }
  }

  private Object write(BoundArguments given) throws EvalError {
    Artifact.Derived output = output(given);
    Object content = given.get("content");
    String text =
        content instanceof ArgsValue args
            ? String.join("\n", args.words()) + "\n"
            : Starlark.str(content);
    return builtin(
        new Action.Builtin(
            context.label(),
            toolbox.write(),
            new TreeMap<>(
                Map.of("content", text, "executable", String.valueOf(isProgram(output, given)))),
            List.of(),
            List.of(output)));
  }

  private Object expandTemplate(BoundArguments given) throws EvalError {
    Artifact.Derived output = output(given);
    FileValue template = given.get("template", FileValue.class, "File");
    TreeMap<String, String> params = new TreeMap<>();
    given
        .map("substitutions", String.class, "string")
        .forEach((from, to) -> params.put("substitute:" + from, to));
    params.put("executable", String.valueOf(isProgram(output, given)));
    return builtin(
        new Action.Builtin(
            context.label(),
            toolbox.write(),
            params,
            List.of(template.artifact()),
            List.of(output)));
  }

  private static boolean isProgram(Artifact.Derived output, BoundArguments given) throws EvalError {
    return output.kind() == Artifact.Derived.Kind.EXECUTABLE || given.bool("is_executable");
  }

  private Object symlink(BoundArguments given) throws EvalError {
    FileValue target = given.get("target_file", FileValue.class, "File");
    return builtin(
        new Action.Builtin(
            context.label(),
            toolbox.copy(),
            new TreeMap<>(),
            List.of(target.artifact()),
            List.of(output(given))));
  }

  private Object run(BoundArguments given) throws EvalError {
    List<String> argv = new ArrayList<>();
    List<Artifact> tools = new ArrayList<>();
    switch (given.get("executable")) {
      case String path -> argv.add(path);
      case FileValue file -> {
        tools.add(file.artifact());
        argv.add(file.artifact().asProgram());
      }
      default ->
          throw given.invalid("executable", "must be a File, or the path of a program as a string");
    }
    return command(given, argv, tools);
  }

  private Object runShell(BoundArguments given) throws EvalError {
    // The empty word is `$0`, so that `arguments` start at `$1`.
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-ec", given.string("command"), ""));
    return command(given, argv, new ArrayList<>());
  }

  private Object command(BoundArguments given, List<String> argv, List<Artifact> tools)
      throws EvalError {
    for (Object argument : given.get("arguments", Sequence.class, "list")) {
      switch (argument) {
        case ArgsValue args -> argv.addAll(args.words());
        case FileValue file -> argv.add(file.artifact().path().text());
        case String word -> argv.add(word);
        default ->
            throw given.invalid(
                "arguments",
                "must hold strings, files and args(), not values of type "
                    + Starlark.type(argument));
      }
    }
    Set<Artifact> inputs = new LinkedHashSet<>(Values.files(given.get("inputs")));
    inputs.addAll(Values.files(given.get("tools")));
    inputs.addAll(tools);
    ExecutionRootInfo root = root(given);
    inputs.addAll(root.inputs());
    TreeMap<String, String> env = new TreeMap<>(toolbox.env());
    env.putAll(given.map("env", String.class, "string"));
    List<Artifact.Derived> outputs = outputs(given);
    context.register(
        new Action.Command(
            context.label(),
            given.string("mnemonic"),
            argv,
            env,
            List.copyOf(inputs),
            outputs,
            root.root(),
            given.bool("network")));
    made.addAll(outputs);
    return None.NONE;
  }

  private ExecutionRootInfo root(BoundArguments given) throws EvalError {
    Optional<TargetValue> image = given.optional("image", TargetValue.class, "Target");
    if (image.isEmpty()) {
      return ExecutionRootInfo.host(toolbox.host().get());
    }
    return image
        .get()
        .target()
        .providers()
        .get(ExecutionRootInfo.class)
        .orElseThrow(() ->
            given.invalid(
                "image", image.get().target().label() + " is neither an image nor host_tools"));
  }

  private List<Artifact.Derived> outputs(BoundArguments given) throws EvalError {
    List<Artifact.Derived> outputs = new ArrayList<>();
    for (Artifact output : Values.files(given.get("outputs"))) {
      if (!(output instanceof Artifact.Derived derived)
          || !derived.owner().equals(context.label())) {
        throw given.invalid("outputs", output.path() + " was not declared by this target");
      }
      outputs.add(derived);
    }
    if (outputs.isEmpty()) {
      throw given.invalid("outputs", "must name at least one file");
    }
    return outputs;
  }

  private static Artifact.Derived output(BoundArguments given) throws EvalError {
    FileValue file = given.get("output", FileValue.class, "File");
    if (!(file.artifact() instanceof Artifact.Derived derived)) {
      throw given.invalid("output", "must be a file that this target declared");
    }
    return derived;
  }

  private Object builtin(Action.Builtin action) {
    context.register(action);
    made.addAll(action.outputs());
    return None.NONE;
  }
}
