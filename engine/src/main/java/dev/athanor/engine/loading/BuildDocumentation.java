package dev.athanor.engine.loading;

import dev.athanor.engine.bzl.BzlFunctions;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.starlark.lib.Documentation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What there is to read about the functions of BUILD and WORKSPACE files that are no rules.
public final class BuildDocumentation {
  private BuildDocumentation() {}

  public static List<Documentation.Section> sections(RuleSet rules) {
    BuildFunctions functions = new BuildFunctions(rules);
    Map<String, Object> names = new TreeMap<>(functions.forModules());
    names.putAll(functions.forBuildFiles());
    names.keySet().removeAll(BzlFunctions.create(rules.toolbox()).keySet());
    names.keySet().removeAll(rules.rules().keySet());
    names.keySet().removeAll(rules.macros().keySet());
    names.putAll(WorkspaceSettings.functions());
    return Documentation.read(BuildDocumentation.class, Documentation.parameters("", names));
  }
}
