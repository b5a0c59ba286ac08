package dev.athanor.cli;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.exec.Build;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.ImageInfo;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// `athanor build`: makes targets and shows them under `athanor-out`.
final class BuildCommand implements Command {
  @Override
  public String name() {
    return "build";
  }

  @Override
  public List<String> aliases() {
    return List.of("package");
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
      List<ConfiguredTarget> targets = bench.targets(invocation.targets());
      Set<Artifact> wanted = new LinkedHashSet<>();
      for (ConfiguredTarget target : targets) {
        wanted.addAll(target.providers().defaultInfo().files());
        target.providers().get(ImageInfo.class).ifPresent(image -> wanted.add(image.image()));
      }
      Build.Result result = bench.session.build(targets, wanted);
      show(bench, targets, result);
      BuildReport report = new BuildReport(bench, result);
      targets.forEach(report::add);
      report.print(invocation);
      return result.summary().success() ? ExitCode.SUCCESS : ExitCode.BUILD_FAILED;
    }
  }

  private static void show(Workbench bench, List<ConfiguredTarget> targets, Build.Result result)
      throws IOException {
    for (ConfiguredTarget target : targets) {
      for (Artifact file : target.providers().defaultInfo().files()) {
        Content content = result.contents().get(file);
        if (file instanceof Artifact.Derived derived && content != null) {
          bench.outputs.show(derived, content);
        }
      }
    }
  }
}
