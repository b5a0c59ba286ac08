import dev.athanor.actions.GenericRules;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.analysis.TargetKey;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Loads and analyses a workspace in one JVM, again and again from nothing, and prints the seconds of
/// the first time, the median of the others, the targets, and the bytes that stay on the heap for
/// each of them.
///
/// usage: java -cp CLASSES Loading.java WORKSPACE PATTERN TIMES
final class Loading {
  private static final RuleSet RULES = rules();

  /// What one round made, kept alive so that it can be weighed.
  private record Round(Graph graph, Packages packages, List<ConfiguredTarget> targets) {}

  public static void main(String[] args) throws Exception {
    Path workspace = Path.of(args[0]);
    int times = Integer.parseInt(args[2]);
    long start = System.nanoTime();
    Round round = load(workspace, args[1]);
    double first = (System.nanoTime() - start) / 1e9;
    int targets = round.targets.size();
    List<Double> others = new ArrayList<>();
    for (int i = 1; i < times; i++) {
      round = null;
      System.gc();
      start = System.nanoTime();
      round = load(workspace, args[1]);
      others.add((System.nanoTime() - start) / 1e9);
    }
    Collections.sort(others);
    long with = heap();
    java.lang.ref.Reference.reachabilityFence(round);
    round = null;
    long bytes = with - heap();
    System.out.printf(
        "%.3f %.3f %d %d%n", first, others.get(others.size() / 2), targets, bytes / targets);
  }

  private static Round load(Path root, String pattern) throws InterruptedException {
    Packages packages = new Packages(Workspace.find(root), RULES);
    Graph graph = new Graph();
    List<Label> labels =
        packages.expand(List.of(TargetPattern.parse(pattern, RelativePath.ROOT)), graph);
    List<ConfiguredTarget> targets =
        graph.getAll(
            labels.stream()
                .map(label -> new TargetKey(packages, label, Configuration.DEFAULT))
                .toList());
    return new Round(graph, packages, targets);
  }

  private static RuleSet rules() {
    ExecutionRoot.Host host = new ExecutionRoot.Host(List.of("/usr"), "bench");
    return RuleSet.of(
        GenericRules.rules(() -> host),
        List.of(),
        List.of(),
        GenericRules.toolbox(() -> host, List.of()));
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
