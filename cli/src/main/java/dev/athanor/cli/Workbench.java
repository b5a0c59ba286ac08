package dev.athanor.cli;

import dev.athanor.actions.HostTools;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.ActionCache;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.DiskActionCache;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Limits;
import dev.athanor.engine.digest.ShortHash;
import dev.athanor.engine.exec.ActionRunner;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Machine;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Scheduler;
import dev.athanor.engine.exec.VariedSandbox;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.engine.session.Program;
import dev.athanor.engine.session.Session;
import dev.athanor.engine.source.FileChanges;
import dev.athanor.engine.source.WorkspaceSources;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.verify.Ledger;
import dev.athanor.engine.verify.Reruns;
import dev.athanor.engine.verify.VerifiedOnly;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RootCache;
import dev.athanor.oci.diff.ImageFormats;
import dev.athanor.oci.registry.RegistryClient;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rule.Catalogue;
import dev.athanor.sandbox.SandboxedSpawnRunner;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Everything that a command needs to work in a workspace, wired together: the one place that
/// chooses stores, runners and clients. Dear things are made when first used, so that a build with
/// nothing to do pays for none of them.
final class Workbench implements AutoCloseable {
  /// How much of the machine's memory actions may take, as far as that is known of them.
  private static final double MEMORY_SHARE = 0.8;

  final GlobalFlags flags;
  final Workspace workspace;
  final BlobStore blobs;
  final Optional<Sharing> sharing;
  final OutputFolder outputs;
  final RootCache roots;
  final Lazy<Sandbox> sandbox;
  final Session session;
  final Scheduler scheduler;
  final Ledger ledger;
  final Console console;
  final ActionRunner actions;
  final CacheFolder cache;
  private final DiskBlobStore disk;
  private final Lazy<RegistryClients> registries;
  private final WorkspaceSources sources;
  private final Lazy<OciActions> oci;
  private final Lazy<SandboxedSpawnRunner> spawns;
  private final Invocation invocation;
  private final String program = ShortHash.hex(ProgramFiles.fingerprint());
  private volatile EventSink watcher;
  private volatile EventSink recorder = EventSink.NONE;
  private final Consumer<Collection<FileChanges.Watched>> looked;
  private final Path verifying;
  private final Optional<EventLog> log;
  private final Optional<Profile> profile;

  /// @throws dev.athanor.engine.UserException when there is no workspace, or no cache can be
  ///   written
  Workbench(Invocation invocation) throws InterruptedException {
    this(invocation, UnaryOperator.identity(), TestOutput.ERRORS, EventSink.NONE);
  }

  /// One to test at.
  ///
  /// @param watcher hears of everything besides
  Workbench(Invocation invocation, TestFlags tests, EventSink watcher) throws InterruptedException {
    this(invocation, flags -> flags.with(tests), tests.output(), watcher);
  }

  private Workbench(
      Invocation invocation, UnaryOperator<GlobalFlags> change, TestOutput shown, EventSink watcher)
      throws InterruptedException {
    Terminal terminal = invocation.terminal();
    OpenWorkspace opened = OpenWorkspace.of(invocation);
    flags = change.apply(opened.flags());
    this.watcher = watcher;
    this.invocation = invocation;
    looked = invocation.looked();
    workspace = opened.workspace();
    cache = new CacheFolder(flags.cacheDir());
    disk = DiskBlobStore.open(cache.root());
    verifying = cache.verifying().resolve(UUID.randomUUID().toString());
    EventSink events = this::post;
    DiskActionCache results = new DiskActionCache(cache.root());
    ledger = new Ledger(new CacheLayout(cache.root()));
    sharing = Sharing.of(opened, terminal, disk, results, events);
    blobs = sharing.map(Sharing::blobs).orElse(disk);
    outputs = new OutputFolder(workspace.root().resolve(Workspace.OUTPUT_FOLDER), blobs);
    roots = new RootCache(cache.roots(), flags.jobs());
    console = new Console(terminal, flags.jobs(), shown);
    log = flags.events().map(EventLog::new);
    profile = flags.profile().map(Profile::new);
    sandbox = Lazy.of(() -> chooseSandbox(events));
    boolean dry = invocation.options().hasOption(PublishCommand.DRY_RUN);
    registries = Lazy.of(() -> new RegistryClients(opened, terminal, events, dry));
    Path memory = cache.state(workspace);
    sources = new WorkspaceSources(workspace.root(), disk, memory.resolve("files"));
    oci = Lazy.of(() -> ociActions());
    spawns = Lazy.of(this::openSpawnRunner);
    actions =
        new ActionRunner(
            blobs,
            new LazySpawnRunner(spawns, flags.offline()),
            roots,
            flags.keepSandbox(),
            sharing.flatMap(shared -> shared.elsewhere(flags.executor())));
    ActionCache shared = sharing.<ActionCache>map(Sharing::cache).orElse(results);
    scheduler =
        new Scheduler(
            blobs,
            flags.remote().onlyVerified() ? new VerifiedOnly(shared, ledger) : shared,
            sources,
            actions,
            events,
            new Scheduler.Limits(
                flags.jobs(), flags.executor().jobs(), Workbench::memoryForActions),
            flags.keepGoing());
    session =
        new Session(workspace, program(oci), flags.configuration(), scheduler, outputs, memory);
  }

  /// Builds, as [Session#build] does. What `report` tells of it is left behind where the command is
  /// one of those that people think of as builds, and where they want a report at once.
  BuildResult build(Goal goal, List<TargetPattern> patterns, Session.Use use)
      throws IOException, InterruptedException {
    if (!invocation.command().isBuild() && flags.report().isEmpty()) {
      return session.build(goal, patterns, use);
    }
    Recorder listener = new Recorder(key -> sharing.filter(shared -> shared.gave(key)).isPresent());
    recorder = listener;
    return new RecordedBuild(this, listener, invocation.command().name(), patterns)
        .run(() -> session.build(goal, patterns, use));
  }

  /// Names this very program; what another one wrote may be of no use.
  String program() {
    return program;
  }

  /// What is remembered of the workspace between builds.
  Path memory() {
    return cache.state(workspace);
  }

  /// The blobs of this machine.
  BlobStore near() {
    return disk;
  }

  /// From here on, `other` hears of everything besides.
  void watch(EventSink other) {
    watcher = other;
  }

  /// Compares contents; what it has to unpack goes where other files are that are being written.
  Comparison comparison() {
    return new Comparison(
        blobs, ImageFormats.ALL, Limits.DEFAULT, new CacheLayout(cache.root()).tmp());
  }

  /// What runs actions again, in other circumstances.
  Reruns reruns() {
    return new Reruns(actions, varied -> Catalogue.types(ociActions(varied)), blobs);
  }

  private OciActions ociActions() {
    return ociActions(this::commandSandbox, cache.pieces(), flags.jobs());
  }

  /// The same that do their work in other circumstances, and remember nothing of earlier work.
  private OciActions ociActions(Set<Factor> varied) {
    return ociActions(
        () -> new VariedSandbox(commandSandbox(), varied),
        verifying.resolve(UUID.randomUUID().toString()),
        Circumstances.threads(varied, flags.jobs()));
  }

  private Sandbox commandSandbox() {
    return flags.offline() ? new OfflineSandbox(sandbox.get()) : sandbox.get();
  }

  private OciActions ociActions(Supplier<Sandbox> commands, Path pieces, int threads) {
    return OciActions.of(
        new OciActions.Registries() {
          @Override
          public RegistryClient client(boolean anonymous) {
            return registries.get().client(anonymous);
          }

          @Override
          public boolean dry() {
            return registries.get().dry();
          }
        },
        commands,
        roots,
        cache.scratch("steps"),
        pieces,
        threads);
  }

  /// The clients of registries.
  RegistryClients registries() {
    return registries.get();
  }

  private static Program program(Supplier<OciActions> oci) {
    Lazy<ActionTypes> types = Lazy.of(() -> Catalogue.types(oci.get()));
    return new Program(
        ProgramFiles.fingerprint(),
        () -> rules(oci.get()),
        id -> types.get().type(id),
        HostTools.host().files());
  }

  private static long memoryForActions() {
    return (long) (Machine.memoryBytes() * MEMORY_SHARE);
  }

  /// The package that somebody stands in, or would, were it one.
  RelativePath here() {
    return RelativePath.between(workspace.root(), flags.directory().toAbsolutePath().normalize());
  }

  /// The patterns, as somebody who stands in the working directory means them.
  List<TargetPattern> patterns(List<String> words) {
    RelativePath here = here();
    return words.stream().map(word -> TargetPattern.parse(word, here)).toList();
  }

  /// A path, as somebody who stands in the working directory would write it.
  String shown(Path path) {
    Path here = flags.directory().toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
  }

  private Sandbox chooseSandbox(EventSink events) {
    try {
      Sandboxes.Choice choice = Sandboxes.choose(flags.sandbox(), cache.sandboxState());
      events.post(
          new BuildEvent.SandboxChosen(
              choice.sandbox().name(), choice.sandbox().hermetic(), choice.rejected()));
      return choice.sandbox();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while looking for a sandbox");
    }
  }

  private SandboxedSpawnRunner openSpawnRunner() {
    try {
      disk.hold();
      return SandboxedSpawnRunner.open(sandbox.get(), blobs, cache.actions());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every rule that BUILD files may use.
  static RuleSet rules(OciActions oci) {
    Supplier<ExecutionRoot.Host> host = Lazy.of(() -> HostTools.host().probe());
    return Catalogue.rules(oci, host);
  }

  private void post(BuildEvent event) {
    watcher.post(event);
    recorder.post(event);
    console.post(event);
    log.ifPresent(file -> file.post(event));
    profile.ifPresent(file -> file.post(event));
  }

  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    sharing.ifPresent(shared -> shared.end(interrupted));
    SandboxedSpawnRunner opened = spawns.peek();
    if (opened != null) {
      opened.close();
    }
    Sandbox used = sandbox.peek();
    if (used != null) {
      used.close();
    }
    RegistryClients clients = registries.peek();
    if (clients != null) {
      clients.close();
    }
    DeleteTree.delete(verifying);
    console.close();
    log.ifPresent(EventLog::close);
    profile.ifPresent(Profile::close);
    sources.save();
    disk.close();
    looked.accept(session.looked());
  }
}
