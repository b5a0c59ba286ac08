package dev.athanor.actions;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.ExecutionRootInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Resources;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `genrule`: a shell command that makes files.
final class Genrule {
  private final Supplier<ExecutionRoot.Host> host;

  private Genrule(Supplier<ExecutionRoot.Host> host) {
    this.host = host;
  }

  static Rule rule(Supplier<ExecutionRoot.Host> host) {
    return Rule.of(
        "genrule",
        """
        Runs a shell command in a sandbox and keeps the files that it makes. The command sees its inputs and the \
        host's installed programs, and nothing else: no network, no home, a private /tmp.\
        """,
        Stream.concat(
                Stream.of(
                    Attribute.labels("srcs", "Files that the command reads."),
                    Attribute.labels("tools", "Files that the command runs."),
                    Attribute.outputs("outs", "Files that the command makes, below the package.")
                        .required(),
                    Attribute.string(
                            "cmd",
                            """
                            The command, for `/bin/sh -e`. `$(location label)` is the path of a file, `$(locations label)` \
                            those of several, `$(SRCS)` all sources, `$<` the only source, `$(OUTS)` all outputs, `$@` the \
                            only output, `$(RULEDIR)` the directory of the outputs, and `$$` a dollar sign.\
                            """)
                        .required(),
                    Attribute.label(
                        "image",
                        "An image whose root filesystem is all that the command sees, in place of the host's"
                            + " programs: the toolchain is then part of what the result depends on. Or"
                            + " `host_tools`."),
                    Attribute.stringMap("env", "Environment variables for the command."),
                    Attribute.bool(
                        "executable",
                        "Whether the first output is a program; it gets mode 0755 and can be an entrypoint."),
                    Attribute.bool(
                        "network",
                        "Whether the command may reach the network. What it makes then depends on more than its inputs.")),
                Resources.ATTRIBUTES.stream())
            .toList(),
        new Genrule(host)::analyze);
  }

  private Providers analyze(RuleContext context) {
    boolean executable = context.attributes().bool("executable");
    List<Artifact.Derived> outputs = new ArrayList<>();
    for (String name : context.attributes().strings("outs")) {
      boolean program = executable && outputs.isEmpty();
      outputs.add(
          context.output(
              name, program ? Artifact.Derived.Kind.EXECUTABLE : Artifact.Derived.Kind.FILE));
    }
    if (outputs.isEmpty()) {
      throw context.error("outs", "names no file", "name at least one file that the command makes");
    }
    List<Artifact> inputs = new ArrayList<>(context.files("srcs"));
    context.files("tools").stream().filter(tool -> !inputs.contains(tool)).forEach(inputs::add);
    ExecutionRootInfo root = ExecutionRootInfo.of(context, host);
    inputs.addAll(root.inputs());
    context.register(
        new Action.Command(
            context.label(),
            "genrule",
            List.of("/bin/sh", "-ec", command(context, outputs)),
            environment(context),
            inputs,
            outputs,
            root.root(),
            context.attributes().bool("network"),
            Optional.empty(),
            Resources.of(context, 1),
            Optional.empty()));
    DefaultInfo info = DefaultInfo.of(outputs);
    return Providers.of(executable ? info.withExecutable(outputs.getFirst()) : info);
  }

  private static SortedMap<String, String> environment(RuleContext context) {
    SortedMap<String, String> env = new TreeMap<>(Environment.CLEAN);
    env.putAll(context.attributes().stringMap("env"));
    return env;
  }

  private static String command(RuleContext context, List<Artifact.Derived> outputs) {
    Map<Label, List<Artifact>> locations = new LinkedHashMap<>();
    for (String attribute : List.of("srcs", "tools")) {
      for (ConfiguredTarget dependency : context.dependencies(attribute)) {
        locations.put(dependency.label(), dependency.providers().defaultInfo().files());
      }
    }
    for (Artifact.Derived output : outputs) {
      String below = output.visiblePath().text();
      String pkg = context.label().pkg().text();
      String name = pkg.isEmpty() ? below : below.substring(pkg.length() + 1);
      locations.putIfAbsent(context.label().sibling(name), List.of(output));
    }
    locations.putIfAbsent(context.label(), List.copyOf(outputs));
    return new CommandTemplate(context, "cmd", context.files("srcs"), outputs, locations)
        .expand(context.attributes().string("cmd"));
  }
}
