package dev.athanor.testing;

import dev.athanor.actions.HostTools;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.DiskActionCache;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Machine;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.exec.VariedSandbox;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.loading.WorkspaceSettings;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.engine.session.Program;
import dev.athanor.engine.session.Session;
import dev.athanor.engine.source.WorkspaceSources;
import dev.athanor.engine.verify.Ledger;
import dev.athanor.engine.verify.Reruns;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RootCache;
import dev.athanor.oci.registry.Credentials;
import dev.athanor.oci.registry.RegistryClient;
import dev.athanor.oci.registry.RegistryConfig;
import dev.athanor.oci.rule.Catalogue;
import dev.athanor.oci.rule.WantedPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Stores, runners and clients of one workspace, put together. What is remembered between builds is
/// only kept as long as this: a test begins with what the cache knows, and nothing else.
final class Wiring implements AutoCloseable {
  private static final int JOBS = Runtime.getRuntime().availableProcessors();

  /// How much of the machine's memory actions may take, as far as that is known of them.
  private static final double MEMORY_SHARE = 0.8;

  final DiskBlobStore blobs;
  final Scheduler scheduler;
  final Ledger ledger;
  final Reruns reruns;
  final Commands commands;

  /// A folder for what comparisons unpack.
  final Path spool;

  private final Settings settings;
  private final Path scratch;
  private final RootCache roots;
  private final Lazy<RegistryClient> registries;
  private final Lazy<OciActions> oci;

  Wiring(Settings settings, EventSink events) {
    this.settings = settings;
    scratch = settings.scratch().resolve("run");
    spool = scratch.resolve("spool");
    blobs = DiskBlobStore.open(settings.cache());
    ledger = new Ledger(new CacheLayout(settings.cache()));
    commands = new Commands(settings, blobs, scratch);
    roots = new RootCache(scratch.resolve("roots"), JOBS);
    registries = Lazy.of(() -> new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS));
    oci = Lazy.of(() -> ociActions(Set.of()));
    ActionRunner runner = new ActionRunner(blobs, commands, roots, false);
    reruns = new Reruns(runner, varied -> Catalogue.types(ociActions(varied)), blobs);
    scheduler =
        new Scheduler(
            blobs,
            new DiskActionCache(settings.cache()),
            new WorkspaceSources(settings.root(), blobs, scratch.resolve("files")),
            runner,
            events,
            new Scheduler.Limits(JOBS, () -> (long) (Machine.memoryBytes() * MEMORY_SHARE)),
            true);
  }

  /// One to build with once. Outputs are shown in the scratch folder, so that nothing is written to
  /// the workspace.
  Session session() throws InterruptedException {
    Workspace workspace = Workspace.find(settings.root());
    Lazy<ActionTypes> types = Lazy.of(() -> Catalogue.types(oci.get()));
    List<Path> tools = settings.runsCommands() ? HostTools.host().files() : List.of();
    return new Session(
        workspace,
        new Program("testing", () -> rules(oci.get()), id -> types.get().type(id), tools),
        WantedPlatform.configuration(settings.platform(), WorkspaceSettings.read(workspace))
            .withFlags(settings.flags()),
        scheduler,
        new OutputFolder(settings.scratch().resolve(Workspace.OUTPUT_FOLDER), blobs),
        scratch.resolve("memory"));
  }

  private OciActions ociActions(Set<Factor> varied) {
    return OciActions.of(
        this::registry,
        () -> new VariedSandbox(commands.sandbox(), varied),
        roots,
        scratch.resolve("steps"),
        // What is remembered of earlier work would hide what depends on circumstances.
        scratch.resolve("pieces").resolve(UUID.randomUUID().toString()),
        Circumstances.threads(varied, JOBS));
  }

  private RegistryClient registry(boolean anonymous) {
    if (!settings.online()) {
      throw new UserException("this needs a registry", "allow it with Athanor.online()");
    }
    return registries.get();
  }

  private RuleSet rules(OciActions oci) {
    Supplier<ExecutionRoot.Host> host =
        Lazy.of(() ->
            settings.runsCommands()
                ? HostTools.host().probe()
                : new ExecutionRoot.Host(List.of(), "none"));
    return Catalogue.rules(oci, host);
  }

  @Override
  public void close() throws IOException {
    commands.close();
    RegistryClient client = registries.peek();
    if (client != null) {
      client.close();
    }
    blobs.close();
  }
}
