package dev.athanor.cli;

import dev.athanor.actions.HostTools;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.DiskActionCache;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Elsewhere;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.exec.RemoteRunner;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.engine.session.Program;
import dev.athanor.engine.session.Session;
import dev.athanor.engine.source.WorkspaceSources;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RootCache;
import dev.athanor.remote.execution.FetchingStore;
import dev.athanor.remote.execution.RemoteExecutor;
import dev.athanor.remote.execution.StoreCache;
import dev.athanor.remote.execution.TestExecutor;
import dev.athanor.remote.execution.Workers;
import dev.athanor.sandbox.SandboxedSpawnRunner;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// A workspace whose actions go to another machine, which is this one.
final class RemoteBench implements AutoCloseable {
  /// What was sent, as `genrule //:a`.
  final List<String> sent = new CopyOnWriteArrayList<>();

  /// What ran at all, wherever.
  final List<String> executed = new CopyOnWriteArrayList<>();

  final List<String> notices = new CopyOnWriteArrayList<>();
  private final DiskBlobStore blobs;
  private final Sandbox sandbox;
  private final SandboxedSpawnRunner spawns;
  private final Session session;

  RemoteBench(TestWorkspace at, TestExecutor server, Workers workers)
      throws IOException, InterruptedException {
    CacheFolder cache = new CacheFolder(at.cache);
    blobs = DiskBlobStore.open(cache.root());
    StoreCache cas = server.cache();
    FetchingStore store = new FetchingStore(blobs, cas);
    sandbox = Sandboxes.choose("auto", cache.sandboxState()).sandbox();
    spawns = SandboxedSpawnRunner.open(sandbox, store, cache.actions());
    RootCache roots = new RootCache(cache.roots(), 2);
    OciActions oci =
        OciActions.of(
            _ -> {
              throw new AssertionError("no registry here");
            },
            () -> sandbox,
            roots,
            cache.scratch("steps"),
            cache.pieces(),
            2);
    ActionTypes types = BuiltinTypes.of(oci);
    RemoteRunner remote =
        new Noting(
            new LazyRemoteRunner(
                workers, Lazy.of(() -> new RemoteExecutor(server.channel(), cas, store, workers))));
    Workspace workspace = Workspace.find(at.root);
    Path memory = cache.state(workspace);
    session =
        new Session(
            workspace,
            new Program("test", () -> Workbench.rules(oci), types, HostTools.host().files()),
            Configuration.DEFAULT,
            new Scheduler(
                store,
                new DiskActionCache(cache.root()),
                new WorkspaceSources(workspace.root(), store, memory.resolve("files")),
                new ActionRunner(
                    store,
                    spawns,
                    roots,
                    false,
                    Optional.of(new Elsewhere(remote, Elsewhere.Strategy.REMOTE))),
                this::post,
                new Scheduler.Limits(2, 8, () -> Long.MAX_VALUE),
                false),
            new OutputFolder(workspace.root().resolve(Workspace.OUTPUT_FOLDER), store),
            memory);
  }

  private void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.ActionFinished(_, var action, var outcome, _) -> {
        if (outcome instanceof Outcome.Executed) {
          executed.add(action.describe());
        } else if (outcome instanceof Outcome.Failed failed) {
          notices.add(action.describe() + ": " + failed.message() + failed.output());
        }
      }
      case BuildEvent.Notice(var message) -> notices.add(message);
      default -> {}
    }
  }

  BuildResult build(String... targets) throws IOException, InterruptedException {
    return session.build(
        Goal.of(
            "build",
            target ->
                WantedTarget.of(
                    target.label(),
                    target.rule(),
                    Map.of(WantedTarget.FILES, target.providers().defaultInfo().files()))),
        List.of(targets).stream()
            .map(target -> TargetPattern.parse(target, RelativePath.ROOT))
            .toList(),
        _ -> {});
  }

  @Override
  public void close() throws IOException {
    spawns.close();
    sandbox.close();
    blobs.close();
  }

  /// Notes what is sent.
  private final class Noting implements RemoteRunner {
    private final RemoteRunner runner;

    Noting(RemoteRunner runner) {
      this.runner = runner;
    }

    @Override
    public boolean takes(Action action) {
      return runner.takes(action);
    }

    @Override
    public SpawnRunner.Result run(
        Action.Command command,
        Digest key,
        SortedMap<RelativePath, Content> inputs,
        Duration timeout)
        throws IOException, InterruptedException {
      sent.add(command.describe());
      return runner.run(command, key, inputs, timeout);
    }

    @Override
    public ActionResult run(
        Action.Builtin action,
        Digest key,
        Map<Artifact, Content> inputs,
        Supplier<Set<Digest>> references)
        throws IOException, InterruptedException {
      sent.add(action.describe());
      return runner.run(action, key, inputs, references);
    }
  }

  /// Workers that have this host's tools, and start this program.
  static Workers workers() {
    return new Workers(
        "",
        new TreeMap<>(),
        true,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            Programs.CLASS_PATH,
            "dev.athanor.cli.Main"),
        Workers.PATIENCE);
  }
}
