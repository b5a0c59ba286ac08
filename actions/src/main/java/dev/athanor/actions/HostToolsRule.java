package dev.athanor.actions;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.ExecutionRootInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// `host_tools`: files of the host that commands may see, and that what they make depends on.
final class HostToolsRule {
  /// Every sandbox has these of its own.
  private static final Set<String> OWN = Set.of("build", "dev", "proc", "sys", "tmp");

  /// Nobody wants to digest all of these in every build.
  private static final Set<String> LARGE = Set.of("/", "/home", "/root", "/run", "/var");

  private final Supplier<ExecutionRoot.Host> host;
  private final ActionType files;

  private HostToolsRule(Supplier<ExecutionRoot.Host> host, ActionType files) {
    this.host = host;
    this.files = files;
  }

  static Rule rule(Supplier<ExecutionRoot.Host> host, ActionType files) {
    return Rule.of(
        "host_tools",
        """
        Names files of the host for the `image` of a command, which then sees them at their places and is run again \
        when their contents change. For what no package manager has installed: a toolchain below /opt or /usr/local.\
        """,
        List.of(
            Attribute.strings("paths", "Absolute paths of files and directories.").required(),
            Attribute.bool(
                    "system",
                    "Whether the command sees the host's installed packages too, as it does without"
                        + " `image`. Otherwise it sees nothing but `paths`.")
                .orElse(true)),
        new HostToolsRule(host, files)::analyze);
  }

  private Providers analyze(RuleContext context) {
    List<String> paths = context.attributes().strings("paths").stream().distinct().toList();
    for (String path : paths) {
      check(path, context);
    }
    Artifact.Derived list =
        context.output(context.label().name() + ".files", Artifact.Derived.Kind.FILE);
    context.register(
        new Action.Builtin(
            context.label(),
            files,
            new TreeMap<>(Map.of("paths", String.join("\n", paths))),
            List.of(),
            List.of(list)));
    return Providers.of(
        DefaultInfo.of(List.of(list)), new ExecutionRootInfo(root(paths, context), List.of(list)));
  }

  private ExecutionRoot.Host root(List<String> paths, RuleContext context) {
    if (!context.attributes().bool("system")) {
      return new ExecutionRoot.Host(paths, "");
    }
    ExecutionRoot.Host system = host.get();
    List<String> visible = new ArrayList<>(system.visible());
    visible.addAll(paths);
    return new ExecutionRoot.Host(visible, system.fingerprint());
  }

  private static void check(String path, RuleContext context) {
    if (!path.startsWith("/") || !Path.of(path).normalize().toString().equals(path)) {
      throw context.error(
          "paths", "names '" + path + "'", "write an absolute path without '.', '..' or '//'");
    }
    if (LARGE.contains(path)) {
      throw context.error(
          "paths", "names " + path, "name the directory of the tool: too much is in this one");
    }
    if (OWN.contains(Path.of(path).getName(0).toString())) {
      throw context.error(
          "paths", "names " + path, "put the tool elsewhere: a sandbox has its own " + path);
    }
  }
}
