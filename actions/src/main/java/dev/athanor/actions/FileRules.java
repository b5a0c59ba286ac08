package dev.athanor.actions;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import java.util.List;
import java.util.Optional;

/// `filegroup` and `files`: other targets' files under a name of their own.
final class FileRules {
  private FileRules() {}

  static Rule filegroup() {
    return Rule.of(
        "filegroup",
        "Gives several targets and files one name.",
        List.of(Attribute.labels("srcs", "Targets and files of the group.")),
        context -> group(context, "srcs"));
  }

  static Rule files() {
    return Rule.of(
        "files",
        "Files of the workspace as they are, to be packed into images or read by commands.",
        List.of(Attribute.labels("sources", "The files, often a `glob`.").alias("srcs").required()),
        context -> group(context, "sources"));
  }

  private static Providers group(RuleContext context, String attribute) {
    List<Artifact> files = context.files(attribute);
    DefaultInfo info = DefaultInfo.of(files);
    return Providers.of(
        executable(context.dependencies(attribute), files).map(info::withExecutable).orElse(info));
  }

  /// A group of one program is that program.
  private static Optional<Artifact> executable(
      List<ConfiguredTarget> members, List<Artifact> files) {
    if (files.size() != 1) {
      return Optional.empty();
    }
    return members.stream()
        .flatMap(member -> member.providers().defaultInfo().executable().stream())
        .findFirst();
  }
}
