package dev.athanor.engine.session;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.KnownKeys;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.graph.Graph;
import dev.athanor.engine.graph.Leaf;
import dev.athanor.engine.history.Histories;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Packages;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.query.TargetGraph;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.source.FileChanges;
import dev.athanor.engine.source.FileLeaf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A workspace in which commands build. Used by one thread.
///
/// Packages are loaded when something is in need of them: a build that finds everything as the one
/// before it left it loads none.
public final class Session {
  private final Workspace workspace;
  private final Program program;
  private final Configuration configuration;
  private final Scheduler scheduler;
  private final OutputFolder outputs;
  private final Path memory;
  private final Graph graph = new Graph();
  private @Nullable Packages packages;
  private @Nullable Plan plan;

  /// @param configuration of the targets that are asked for
  /// @param outputs where files are shown
  /// @param memory a folder for what is remembered of the workspace between builds
  public Session(
      Workspace workspace,
      Program program,
      Configuration configuration,
      Scheduler scheduler,
      OutputFolder outputs,
      Path memory) {
    this.workspace = workspace;
    this.program = program;
    this.configuration = configuration;
    this.scheduler = scheduler;
    this.outputs = outputs;
    this.memory = memory;
  }

  /// Makes of some targets what `goal` wants, shows what is to be shown, and remembers it all.
  ///
  /// @param use reads what was made. Something of it may be lost where nothing had to run; it is
  ///   then made again, and this called again
  /// @throws dev.athanor.engine.UserException when a pattern names nothing, or a target or
  ///   something that it depends on is in error
  public BuildResult build(Goal goal, List<TargetPattern> patterns, Use use)
      throws IOException, InterruptedException {
    try {
      return new SessionBuild(this, goal, patterns, use).run();
    } catch (InterruptedException e) {
      // So that whoever closes things does not wait for anything.
      Thread.currentThread().interrupt();
      throw e;
    }
  }

  /// Does something with what a build made.
  @FunctionalInterface
  public interface Use {
    /// @throws dev.athanor.engine.cas.MissingBlobException when something of it is lost
    void read(BuildResult result) throws IOException, InterruptedException;
  }

  /// Explains what became of a target, or would.
  public Why why() {
    return new Why(this);
  }

  /// The targets, analysed.
  ///
  /// @throws dev.athanor.engine.UserException when one of them, or something it depends on, is in
  ///   error
  public List<ConfiguredTarget> analyze(List<Label> labels) throws InterruptedException {
    List<TargetPattern> patterns =
        labels.stream().<TargetPattern>map(TargetPattern.Single::new).toList();
    return graph.get(new RequestKey(packages(), patterns, configuration));
  }

  /// What targets depend on, loaded as far as somebody asks; never analysed.
  ///
  /// @param keepGoing whether what is broken is noted and left out, rather than thrown
  /// @param implicit whether targets depend, too, on what their rules name without being told
  public TargetGraph targets(boolean keepGoing, boolean implicit) {
    return new TargetGraph(packages(), graph, keepGoing, implicit);
  }

  /// The keys of the targets' actions, as far as they are known without running any.
  public KnownKeys keys(Collection<ConfiguredTarget> targets) {
    return scheduler.keys(ActionGraph.of(actions(targets)));
  }

  /// Every action of the targets and of all they depend on.
  public static List<Action> actions(Collection<ConfiguredTarget> targets) {
    List<Action> actions = new ArrayList<>();
    reachable(targets).forEach(target -> actions.addAll(target.actions()));
    return actions;
  }

  private record Reached(Label label, String platform) {}

  /// The targets and all they depend on, each once for every platform that it is wanted for.
  public static Collection<ConfiguredTarget> reachable(Collection<ConfiguredTarget> targets) {
    Map<Reached, ConfiguredTarget> seen = new LinkedHashMap<>();
    ArrayDeque<ConfiguredTarget> open = new ArrayDeque<>(targets);
    for (ConfiguredTarget target = open.poll(); target != null; target = open.poll()) {
      if (seen.putIfAbsent(new Reached(target.label(), target.platform()), target) == null) {
        open.addAll(target.dependencies());
      }
    }
    return seen.values();
  }

  /// The files and directories of the workspace that builds here have looked at, those included
  /// that were not there. One that failed to load has looked at some, too.
  public Collection<FileChanges.Watched> looked() {
    Map<Path, FileChanges.Watched> looked = new LinkedHashMap<>();
    if (plan != null) {
      for (int watch = 0; watch < plan.watchCount(); watch++) {
        boolean source = watch < plan.sourceCount();
        look(workspace.root().resolve(plan.watchPath(watch)), source, looked);
      }
    }
    for (Leaf<?> leaf : graph.leaves()) {
      if (leaf instanceof FileLeaf<?> file) {
        look(file.path(), false, looked);
      }
    }
    return looked.values();
  }

  private void look(Path path, boolean whole, Map<Path, FileChanges.Watched> looked) {
    if (path.startsWith(workspace.root())) {
      looked.putIfAbsent(path, new FileChanges.Watched(path, whole));
    }
  }

  /// The plan of the build that is under way.
  void follow(Plan followed) {
    plan = followed;
  }

  Packages packages() {
    Packages opened = packages;
    if (opened == null) {
      opened = new Packages(workspace, program.rules().get(), this::printed);
      packages = opened;
    }
    return opened;
  }

  private void printed(String message) {
    scheduler.post(new BuildEvent.Notice(message));
  }

  Workspace workspace() {
    return workspace;
  }

  Program program() {
    return program;
  }

  Configuration configuration() {
    return configuration;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  OutputFolder outputs() {
    return outputs;
  }

  Histories histories() {
    return new Histories(builds(memory), program.types());
  }

  /// Where in `memory` builds are remembered, with a file for each request.
  public static Path builds(Path memory) {
    return memory.resolve("builds");
  }

  /// Loads and analyses what patterns name, as it is now, and plans it.
  ///
  /// @throws dev.athanor.engine.UserException when something of it is in error
  Plan plan(List<TargetPattern> patterns, Goal goal) throws InterruptedException {
    graph.refresh();
    return new Planner(workspace.root(), graph, program.types(), program.files())
        .plan(new RequestKey(packages(), patterns, configuration), goal);
  }
}
