package dev.athanor.actions;

import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.rule.ProviderType;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.Toolbox;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// Every rule of this module.
public final class GenericRules {
  private static final ActionType HOST_FILES = new HostFiles(Path.of("/"));

  private GenericRules() {}

  /// What user rules work with.
  ///
  /// @param host as for [#rules]
  /// @param providers that .bzl files may use
  public static Toolbox toolbox(
      Supplier<ExecutionRoot.Host> host, List<ProviderType<?>> providers) {
    return new Toolbox(new WriteFile(), new CopyContent(), host, Environment.CLEAN, providers);
  }

  /// Every type of built-in action of this module.
  public static List<ActionType> types() {
    return List.of(new WriteFile(), new CopyContent(), HOST_FILES);
  }

  /// @param host the tools that commands without an image of their own see; asked for only when
  ///   such a command is declared
  public static List<Rule> rules(Supplier<ExecutionRoot.Host> host) {
    return List.of(
        Genrule.rule(host),
        TestRules.test(host),
        TestRules.suite(),
        HostToolsRule.rule(host, HOST_FILES),
        FileRules.filegroup(),
        FileRules.files(),
        ConfigSettingRule.rule());
  }
}
