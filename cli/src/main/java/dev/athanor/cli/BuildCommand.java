package dev.athanor.cli;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `athanor build`: makes targets and shows them under `athanor-out`.
final class BuildCommand implements Command {
  /// Whoever else makes this finds what was made for it.
  static final Goal GOAL = Goal.of("build", BuildCommand::choose);

  @Override
  public String name() {
    return "build";
  }

  @Override
  public List<String> aliases() {
    return List.of("package");
  }

  @Override
  public boolean isBuild() {
    return true;
  }

  @Override
  public String usage() {
    return "TARGET...";
  }

  @Override
  public String summary() {
    return "Builds targets and shows their outputs under athanor-out.";
  }

  @Override
  public String description() {
    return """
    A target is //package:name, //package (for //package:package), :name in the current
    package, //package:all, or //package/... for everything below; -//package/... leaves out.
    An image becomes an OCI layout directory.\
    """;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      BuildReport report = new BuildReport(bench);
      BuildResult result = bench.build(GOAL, bench.patterns(invocation.targets()), report::read);
      report.print(invocation, result);
      return ExitCode.of(result.summary());
    }
  }

  private static WantedTarget choose(ConfiguredTarget target) {
    Map<String, List<Artifact>> artifacts = new TreeMap<>(ImagePart.described(target));
    List<Artifact> files = new ArrayList<>(target.providers().defaultInfo().files());
    files.addAll(artifacts.getOrDefault(WantedTarget.FILES, List.of()));
    artifacts.put(WantedTarget.FILES, files);
    return WantedTarget.of(target.label(), target.rule(), artifacts);
  }
}
