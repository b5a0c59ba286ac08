package dev.athanor.engine.exec;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Runs one action whose inputs are known. Knows no cache.
public final class ActionRunner {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

  /// How much longer than in a build a command may take that is watched.
  private static final int PATIENCE = 4;

  /// Bytes of a document.
  private static final long SMALL = 256 << 10;

  private final BlobStore blobs;
  private final SpawnRunner spawns;
  private final RootProvider roots;
  private final boolean keepSandbox;
  private final Optional<Elsewhere> elsewhere;

  public ActionRunner(
      BlobStore blobs, SpawnRunner spawns, RootProvider roots, boolean keepSandbox) {
    this(blobs, spawns, roots, keepSandbox, Optional.empty());
  }

  /// @param keepSandbox whether the scratch directories of commands stay; then all run here
  /// @param elsewhere other machines, if there are any
  public ActionRunner(
      BlobStore blobs,
      SpawnRunner spawns,
      RootProvider roots,
      boolean keepSandbox,
      Optional<Elsewhere> elsewhere) {
    this.blobs = blobs;
    this.spawns = spawns;
    this.roots = roots;
    this.keepSandbox = keepSandbox;
    this.elsewhere = elsewhere.filter(_ -> !keepSandbox);
  }

  /// What a run came to: a result, or why there is none.
  sealed interface Ran {
    /// @param attempts how many it took
    /// @param memoryBytes how much it took; zero where unknown
    /// @param vouched whether the key tells all that the result depends on, so that others may have
    ///   it. Not so where another machine is only said to have our tools
    record Success(ActionResult result, int attempts, long memoryBytes, boolean vouched)
        implements Ran {}

    record Failure(Outcome.Failed outcome) implements Ran {}
  }

  /// Whether the action is one to send to another machine. Its thread then needs an [Errand].
  boolean sends(Action action) {
    return elsewhere.isPresent() && elsewhere.get().takes(action);
  }

  /// @param number of the action, for events
  Ran run(int number, Action action, Digest key, Map<Artifact, Content> inputs, EventSink events)
      throws IOException, InterruptedException {
    if (!Errand.CURRENT.isBound() || Errand.CURRENT.get().action() != number) {
      return here(action, inputs);
    }
    Errand errand = Errand.CURRENT.get();
    Errand.Leg there =
        () -> {
          events.post(new BuildEvent.ActionProgress(number, "remotely", 0, 0));
          return there(action, key, inputs, errand);
        };
    Errand.Leg here =
        () -> {
          events.post(new BuildEvent.ActionProgress(number, "here", 0, 0));
          return here(action, inputs);
        };
    return sends(action)
        ? elsewhere.orElseThrow().run(action, there, () -> errand.here(here), events)
        : errand.here(here);
  }

  private Ran here(Action action, Map<Artifact, Content> inputs)
      throws IOException, InterruptedException {
    return switch (action) {
      case Action.Command command -> {
        Trees.bring(inputs.values(), Long.MAX_VALUE, blobs);
        Optional<Duration> timeout = Optional.of(timeout(command));
        SpawnRunner.Request request =
            request(command, inputs, command.argv(), timeout, List.of(), Set.of());
        yield attempts(command, () -> spawns.run(request), spawns::hermetic);
      }
      case Action.Builtin builtin -> {
        // What is large may only be named, as layers are.
        Trees.bring(inputs.values(), SMALL, blobs);
        yield success(BuiltinContext.run(builtin, inputs, blobs));
      }
    };
  }

  private Ran there(Action action, Digest key, Map<Artifact, Content> inputs, Errand errand)
      throws IOException, InterruptedException {
    RemoteRunner remote = elsewhere.orElseThrow().runner;
    return switch (action) {
      case Action.Command command -> {
        SortedMap<RelativePath, Content> layout = layout(command, inputs);
        Ran ran =
            attempts(command, () -> remote.run(command, key, layout, timeout(command)), () -> true);
        yield command.root() instanceof ExecutionRoot.Host ? unvouched(ran) : ran;
      }
      case Action.Builtin builtin -> success(remote.run(builtin, key, inputs, errand.references()));
    };
  }

  private static Ran unvouched(Ran ran) {
    return ran instanceof Ran.Success(var result, var attempts, var memory, _)
        ? new Ran.Success(result, attempts, memory, false)
        : ran;
  }

  private static Ran success(ActionResult result) {
    return new Ran.Success(result, 1, 0, true);
  }

  /// Something that was made is lost: what was lost elsewhere would be again.
  void stayHere() {
    elsewhere.ifPresent(Elsewhere::giveUp);
  }

  /// Whether a cached result is as good as what a run would make. Looks for a sandbox only when it
  /// has to.
  boolean accepts(ActionResult cached) {
    return cached.hermetic() || !spawns.hermetic();
  }

  /// Opens a shell in the sandbox that a command would run in, on this process's terminal.
  ///
  /// @param binds what is shown in it besides
  public Exit shell(Action.Command command, Map<Artifact, Content> inputs, List<Spawn.Bind> binds)
      throws IOException, InterruptedException {
    return spawns.attach(
        request(command, inputs, List.of("/bin/sh", "-i"), Optional.empty(), binds, Set.of()));
  }

  /// Runs a command once more, here and in other circumstances. Nobody remembers what it makes.
  ///
  /// @param varied what is otherwise than it was
  public Rerun rerun(Action.Command command, Map<Artifact, Content> inputs, Set<Factor> varied)
      throws IOException, InterruptedException {
    Trees.bring(inputs.values(), Long.MAX_VALUE, blobs);
    // It may be watched at every step, which takes time.
    Optional<Duration> timeout = Optional.of(timeout(command).multipliedBy(PATIENCE));
    SpawnRunner.Request request =
        request(command, inputs, command.argv(), timeout, List.of(), varied);
    SpawnRunner.Result result = spawns.run(request);
    if (!result.exit().success()) {
      return failed(failure(command, result, result.exit().summary(), Optional.empty()));
    }
    return switch (collect(command, result, 1, spawns.hermetic())) {
      case Ran.Success(var made, _, _, _) -> new Rerun.Made(made.outputs());
      case Ran.Failure failure -> failed(failure);
    };
  }

  private static Rerun failed(Ran.Failure failure) {
    return new Rerun.Failed(failure.outcome().message(), failure.outcome().output());
  }

  /// What reruns of commands can vary.
  public Set<Factor> varies() {
    return spawns.varies();
  }

  private static Duration timeout(Action.Command command) {
    return command.timeout().orElse(DEFAULT_TIMEOUT);
  }

  /// One run of a command.
  private interface Spawning {
    SpawnRunner.Result run() throws IOException, InterruptedException;
  }

  private Ran attempts(Action.Command command, Spawning spawning, BooleanSupplier hermetic)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      SpawnRunner.Result result = spawning.run();
      if (result.exit().success()) {
        return collect(command, result, attempt, hermetic.getAsBoolean());
      }
      if (attempt == command.needs().attempts()) {
        String tries = attempt == 1 ? "" : ", the last of " + attempt + " attempts";
        return failure(command, result, result.exit().summary() + tries, Optional.empty());
      }
    }
  }

  private SpawnRunner.Request request(
      Action.Command command,
      Map<Artifact, Content> inputs,
      List<String> argv,
      Optional<Duration> timeout,
      List<Spawn.Bind> binds,
      Set<Factor> varied)
      throws IOException, InterruptedException {
    SortedMap<RelativePath, Content> layout = layout(command, inputs);
    Spawn.Root root =
        switch (command.root()) {
          case ExecutionRoot.Host(var visible, _) ->
              new Spawn.Root.Host(visible.stream().map(Path::of).toList());
          case ExecutionRoot.Image(var rootfs, _) -> roots.root(fileDigest(rootfs, inputs), blobs);
        };
    return new SpawnRunner.Request(
        argv,
        command.env(),
        layout,
        paths(command, output -> !isLog(command, output)),
        Set.copyOf(paths(command, output -> output.kind() == Artifact.Derived.Kind.TREE)),
        command.log().isPresent(),
        root,
        binds,
        command.network(),
        new Spawn.Limits(timeout, Optional.empty(), Optional.empty()),
        keepSandbox && varied.isEmpty(),
        varied);
  }

  /// What the command finds where it starts.
  private static SortedMap<RelativePath, Content> layout(
      Action.Command command, Map<Artifact, Content> inputs) {
    SortedMap<RelativePath, Content> layout = new TreeMap<>();
    inputs.forEach((artifact, content) -> {
      Content other = layout.put(artifact.path(), content);
      if (other != null && !other.equals(content)) {
        throw new UserException(
            command.describe() + " would read " + artifact.path() + " for two platforms at once",
            "let it depend on the images of one platform");
      }
    });
    if (command.root() instanceof ExecutionRoot.Image(var rootfs, _)) {
      layout.remove(rootfs.path());
    }
    return layout;
  }

  private static List<RelativePath> paths(
      Action.Command command, Predicate<Artifact.Derived> chosen) {
    return command.outputs().stream().filter(chosen).map(Artifact.Derived::path).toList();
  }

  private static boolean isLog(Action.Command command, Artifact.Derived output) {
    return command.log().isPresent() && command.log().get().equals(output);
  }

  /// What stands at the declared outputs, as far as they were made.
  private static Map<RelativePath, Content> made(
      Action.Command command, SpawnRunner.Result result) {
    Map<RelativePath, Content> made = new TreeMap<>(result.outputs());
    command.log().ifPresent(log -> made.put(log.path(), new Content.File(result.stdout(), false)));
    return made;
  }

  private Ran collect(
      Action.Command command, SpawnRunner.Result result, int attempts, boolean hermetic)
      throws IOException {
    Map<RelativePath, Content> made = made(command, result);
    SortedMap<RelativePath, Content> outputs = new TreeMap<>();
    for (Artifact.Derived output : command.outputs()) {
      Content content = made.get(output.path());
      if (content == null) {
        return failure(
            command,
            result,
            "the command succeeded but did not create " + output.path(),
            Optional.of("declared outputs must be written below the directory it starts in"));
      }
      boolean tree = output.kind() == Artifact.Derived.Kind.TREE;
      if (tree != (content instanceof Content.Tree)) {
        return failure(
            command,
            result,
            output.path() + (tree ? " is not a directory" : " is a directory, not a file"),
            Optional.empty());
      }
      outputs.put(output.path(), normalised(output, content));
    }
    return new Ran.Success(
        new ActionResult(outputs, Set.of(), result.stdout(), result.stderr(), hermetic),
        attempts,
        result.exit().maxRssBytes(),
        true);
  }

  private static Content normalised(Artifact.Derived output, Content content) {
    return output.kind() == Artifact.Derived.Kind.EXECUTABLE
            && content instanceof Content.File(var digest, _)
        ? new Content.File(digest, true)
        : content;
  }

  private Ran.Failure failure(
      Action.Command command, SpawnRunner.Result result, String message, Optional<String> hint)
      throws IOException {
    String output = text(result.stdout()) + text(result.stderr());
    Outcome.Remains remains =
        new Outcome.Remains(result.exit(), output, made(command, result), result.kept());
    return new Ran.Failure(new Outcome.Failed(message, hint, Optional.of(remains)));
  }

  private String text(Digest digest) throws IOException {
    try {
      // Nobody may have stored the blob that is empty.
      return digest.size() == 0 ? "" : new String(blobs.read(digest), StandardCharsets.UTF_8);
    } catch (MissingBlobException e) {
      return "(what it printed is lost)\n";
    }
  }

  private static Digest fileDigest(Artifact artifact, Map<Artifact, Content> inputs) {
    if (inputs.get(artifact) instanceof Content.File(var digest, _)) {
      return digest;
    }
    throw new IllegalStateException("the execution root " + artifact + " is not an input file");
  }
}
