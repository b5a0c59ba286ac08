import dev.athanor.actions.GenericRules;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.DiskActionCache;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.engine.session.Program;
import dev.athanor.engine.session.Session;
import dev.athanor.engine.source.WorkspaceSources;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Builds a workspace of built-in actions, twice, then once more with nothing to do in a session of its own, and prints
/// the actions, and the bytes that this last build keeps on the heap for each of them.
///
/// usage: java -cp CLASSES Retained.java WORKSPACE CACHE
final class Retained {
  /// What a build leaves, kept alive so that it can be weighed.
  private record Kept(Session session, BuildResult result) {}

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path cache = Path.of(args[1]);
    for (int i = 0; i < 2; i++) {
      build(root, cache);
      // Files that were touched a moment ago are looked at again in the next build.
      Thread.sleep(200);
    }
    Kept kept = build(root, cache);
    int actions = kept.result.plan().actionCount();
    if (kept.result.summary().executed() > 0) {
      throw new IllegalStateException("there was something to do");
    }
    long with = heap();
    java.lang.ref.Reference.reachabilityFence(kept);
    kept = null;
    System.out.println(actions + " " + (with - heap()) / actions);
  }

  private static Kept build(Path root, Path cache) throws Exception {
    ExecutionRoot.Host host = new ExecutionRoot.Host(List.of("/usr"), "bench");
    RuleSet rules =
        RuleSet.of(
            GenericRules.rules(() -> host),
            List.of(),
            List.of(),
            GenericRules.toolbox(() -> host, List.of()));
    try (DiskBlobStore blobs = DiskBlobStore.open(cache)) {
      ActionRunner runner = new ActionRunner(blobs, new NoSpawns(), (_, _) -> null, false);
      Session session =
          new Session(
              Workspace.find(root),
              new Program("bench", () -> rules, ActionTypes.of(GenericRules.types()), List.of()),
              Configuration.DEFAULT,
              new Scheduler(
                  blobs,
                  new DiskActionCache(cache),
                  new WorkspaceSources(root, blobs, cache.resolve("files")),
                  runner,
                  EventSink.NONE,
                  new Scheduler.Limits(2, () -> Long.MAX_VALUE),
                  false),
              new OutputFolder(root.resolve(Workspace.OUTPUT_FOLDER), blobs),
              cache.resolve("memory"));
      BuildResult result =
          session.build(
              Goal.of(
                  "bench",
                  target ->
                      WantedTarget.of(
                          target.label(),
                          target.rule(),
                          Map.of(WantedTarget.FILES, target.providers().defaultInfo().files()))),
              List.of(TargetPattern.parse("//...", RelativePath.ROOT)),
              _ -> {});
      return new Kept(session, result);
    }
  }

  private static final class NoSpawns implements SpawnRunner {
    @Override
    public Result run(Request request) {
      throw new IllegalStateException("no command is run here");
    }

    @Override
    public Exit attach(Request request) {
      throw new IllegalStateException("no command is run here");
    }

    @Override
    public String name() {
      return "none";
    }

    @Override
    public boolean hermetic() {
      return true;
    }

    @Override
    public Set<Factor> varies() {
      return Set.of();
    }
  }

  /// Whatever compiled this file takes a while to be gone.
  private static long heap() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(200);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
