package dev.athanor.engine.exec;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Runs one action whose inputs are known. Knows no cache.
public final class ActionRunner {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

  /// Bytes of a document.
  private static final long SMALL = 256 << 10;

  private final BlobStore blobs;
  private final SpawnRunner spawns;
  private final RootProvider roots;
  private final boolean keepSandbox;

  public ActionRunner(
      BlobStore blobs, SpawnRunner spawns, RootProvider roots, boolean keepSandbox) {
    this.blobs = blobs;
    this.spawns = spawns;
    this.roots = roots;
    this.keepSandbox = keepSandbox;
  }

  /// What a run came to: a result, or why there is none.
  sealed interface Ran {
    /// @param attempts how many it took
    /// @param memoryBytes how much it took; zero where unknown
    record Success(ActionResult result, int attempts, long memoryBytes) implements Ran {}

    record Failure(Outcome.Failed outcome) implements Ran {}
  }

  /// @param number of the action, for events
  Ran run(int number, Action action, Map<Artifact, Content> inputs, EventSink events)
      throws IOException, InterruptedException {
    return switch (action) {
      case Action.Command command -> {
        bring(inputs, Long.MAX_VALUE);
        yield spawn(command, inputs);
      }
      case Action.Builtin builtin -> {
        // What is large may only be named, as layers are.
        bring(inputs, SMALL);
        Context context = new Context(number, builtin, inputs, events);
        builtin.type().run(context);
        yield context.finish();
      }
    };
  }

  private void bring(Map<Artifact, Content> inputs, long largest) throws IOException {
    Set<Digest> needed = new HashSet<>();
    for (Content content : inputs.values()) {
      Trees.addBlobs(content, blobs, needed);
    }
    needed.removeIf(digest -> digest.size() > largest);
    blobs.bring(needed);
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
        request(command, inputs, List.of("/bin/sh", "-i"), Optional.empty(), binds));
  }

  private Ran spawn(Action.Command command, Map<Artifact, Content> inputs)
      throws IOException, InterruptedException {
    Optional<Duration> timeout = command.timeout().or(() -> Optional.of(DEFAULT_TIMEOUT));
    SpawnRunner.Request request = request(command, inputs, command.argv(), timeout, List.of());
    for (int attempt = 1; ; attempt++) {
      SpawnRunner.Result result = spawns.run(request);
      if (result.exit().success()) {
        return collect(command, result, attempt);
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
      List<Spawn.Bind> binds)
      throws IOException, InterruptedException {
    SortedMap<RelativePath, Content> layout = new TreeMap<>();
    inputs.forEach((artifact, content) -> {
      Content other = layout.put(artifact.path(), content);
      if (other != null && !other.equals(content)) {
        throw new UserException(
            command.describe() + " would read " + artifact.path() + " for two platforms at once",
            "let it depend on the images of one platform");
      }
    });
    Spawn.Root root =
        switch (command.root()) {
          case ExecutionRoot.Host(var visible, _) ->
              new Spawn.Root.Host(visible.stream().map(Path::of).toList());
          case ExecutionRoot.Image(var rootfs) -> {
            layout.remove(rootfs.path());
            yield roots.root(fileDigest(rootfs, inputs), blobs);
          }
        };
    return new SpawnRunner.Request(
        command.describe(),
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
        keepSandbox);
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

  private Ran collect(Action.Command command, SpawnRunner.Result result, int attempts)
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
        new ActionResult(outputs, Set.of(), result.stdout(), result.stderr(), spawns.hermetic()),
        attempts,
        result.exit().maxRssBytes());
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
    // Nobody may have stored the blob that is empty.
    return digest.size() == 0 ? "" : new String(blobs.read(digest), StandardCharsets.UTF_8);
  }

  private static Digest fileDigest(Artifact artifact, Map<Artifact, Content> inputs) {
    if (inputs.get(artifact) instanceof Content.File(var digest, _)) {
      return digest;
    }
    throw new IllegalStateException("the execution root " + artifact + " is not an input file");
  }

  /// What a built-in action sees, and what it left so far.
  private final class Context implements ActionContext {
    private final int number;
    private final Action.Builtin action;
    private final Map<Artifact, Content> inputs;
    private final EventSink events;
    private final SortedMap<RelativePath, Content> outputs = new TreeMap<>();
    private final Set<Digest> references = new HashSet<>();

    Context(int number, Action.Builtin action, Map<Artifact, Content> inputs, EventSink events) {
      this.number = number;
      this.action = action;
      this.inputs = inputs;
      this.events = events;
    }

    @Override
    public Action.Builtin action() {
      return action;
    }

    @Override
    public BlobStore blobs() {
      return blobs;
    }

    @Override
    public Content input(Artifact artifact) {
      Content content = inputs.get(artifact);
      if (content == null) {
        throw new IllegalStateException(
            action.describe() + " did not declare the input " + artifact);
      }
      return content;
    }

    @Override
    public void output(Artifact.Derived artifact, Content content) {
      if (!action.outputs().contains(artifact)) {
        throw new IllegalStateException(
            action.describe() + " did not declare the output " + artifact);
      }
      outputs.put(artifact.path(), content);
    }

    @Override
    public void refersTo(Collection<Digest> digests) {
      references.addAll(digests);
    }

    @Override
    public void progress(String what, long done, long total) {
      events.post(new BuildEvent.ActionProgress(number, what, done, total));
    }

    Ran finish() {
      for (Artifact.Derived output : action.outputs()) {
        if (!outputs.containsKey(output.path())) {
          throw new IllegalStateException(action.describe() + " did not make " + output.path());
        }
      }
      return new Ran.Success(
          new ActionResult(outputs, references, Digest.EMPTY, Digest.EMPTY, true), 1, 0);
    }
  }
}
