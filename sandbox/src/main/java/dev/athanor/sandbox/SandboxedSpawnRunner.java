package dev.athanor.sandbox;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.sandbox.NamespaceSandbox.Beneath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// Runs commands in a [Sandbox], each in a scratch folder of its own that appears as `/build`.
///
/// A process in a hermetic sandbox meets its inputs as the store's own files, and no permission
/// that it may have or take lets it change them: each is bound read-only over its own hard link. A
/// tree is laid out once in a [TreeCache] and bound as a whole. Where there are many files they are
/// such a tree too, over which the sandbox layers what is written. Without a sandbox, inputs are
/// copies.
public final class SandboxedSpawnRunner implements SpawnRunner, AutoCloseable {
  /// The same for every command, so that no path of the host gets into what it makes.
  private static final String BUILD = Action.Command.DIRECTORY;

  /// Fixed names and numbers for what programs like to record.
  private static final Spawn.User USER = new Spawn.User(1000, 1000, List.of());

  private static final String HOSTNAME = "athanor";

  /// From so many files on, layering is cheaper than binding them one by one.
  private static final int MANY = 64;

  private final Sandbox sandbox;
  private final BlobStore blobs;
  private final ScratchDirs scratch;
  private final Slots slots;
  private final TreeCache trees;
  private final Path kept;

  private SandboxedSpawnRunner(
      Sandbox sandbox, BlobStore blobs, ScratchDirs scratch, TreeCache trees, Path kept) {
    this.sandbox = sandbox;
    this.blobs = blobs;
    this.scratch = scratch;
    this.slots = new Slots(scratch);
    this.trees = trees;
    this.kept = kept;
  }

  /// @param dir a folder for scratch folders, cached trees and what is to be kept, on the file
  ///   system of `blobs` if possible; several JVMs may share it
  public static SandboxedSpawnRunner open(Sandbox sandbox, BlobStore blobs, Path dir)
      throws IOException {
    ScratchDirs scratch = ScratchDirs.open(dir.resolve("runs"));
    TreeCache trees = TreeCache.open(trees(dir), blobs);
    scratch.cleanUp(trees::trim);
    return new SandboxedSpawnRunner(sandbox, blobs, scratch, trees, kept(dir));
  }

  /// Where in `dir` cached trees are, one directory each; their times say when they were used.
  public static Path trees(Path dir) {
    return dir.resolve("trees");
  }

  /// Where in `dir` the directories are that were to be kept.
  public static Path kept(Path dir) {
    return dir.resolve("kept");
  }

  /// How many clean scratch folders wait for a command.
  int freeSlots() {
    return slots.free();
  }

  @Override
  public String name() {
    return sandbox.name();
  }

  @Override
  public boolean hermetic() {
    return sandbox.hermetic();
  }

  @Override
  public Set<Factor> varies() {
    return sandbox.varies();
  }

  @Override
  public Result run(Request request) throws IOException, InterruptedException {
    Slot slot = slots.take();
    boolean reusable = false;
    try {
      long start = System.nanoTime();
      Path stderr = request.oneStream() ? slot.stdout() : slot.stderr();
      Laid laid = layOut(request, slot);
      Duration layout = Duration.ofNanos(System.nanoTime() - start);
      Exit exit =
          run(
              spawn(request, laid.binds(), new Spawn.Stdio.Files(slot.stdout(), stderr)),
              laid.beneath());
      // Where files are to be looked at, none may be taken away.
      // Through the network, a command could hand an open file to somebody who is still there.
      boolean take = sandbox.hermetic() && !request.keep() && !request.network();
      Result result =
          new Result(
              exit,
              Outputs.collect(request.outputs(), slot.build(), blobs, take),
              store(slot.stdout()),
              request.oneStream() ? Digest.EMPTY : store(stderr),
              layout,
              request.keep() ? Optional.of(keep(slot.folder())) : Optional.empty());
      reusable = take && laid.beneath().isEmpty();
      return result;
    } finally {
      if (reusable) {
        slots.giveBack(slot);
      } else {
        slots.discard(slot);
      }
    }
  }

  @Override
  public Exit attach(Request request) throws IOException, InterruptedException {
    Slot slot = slots.take();
    try {
      Laid laid = layOut(request, slot);
      return run(spawn(request, laid.binds(), new Spawn.Stdio.Inherited()), laid.beneath());
    } finally {
      slots.discard(slot);
    }
  }

  private Exit run(Spawn spawn, List<Beneath> beneath) throws IOException, InterruptedException {
    return sandbox instanceof NamespaceSandbox namespaces
        ? namespaces.run(spawn, beneath)
        : sandbox.run(spawn);
  }

  private Digest store(Path file) throws IOException {
    if (Files.size(file) == 0) {
      return blobs.put(new byte[0]);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return blobs.put(in);
    }
  }

  private Path keep(Path dir) throws IOException {
    return Files.move(dir, Files.createDirectories(kept).resolve(UUID.randomUUID().toString()));
  }

  private static Spawn spawn(Request request, List<Spawn.Bind> binds, Spawn.Stdio stdio) {
    return new Spawn(
            request.argv(),
            request.env(),
            directory(request),
            request.root(),
            binds,
            USER,
            HOSTNAME,
            request.network(),
            request.limits(),
            stdio)
        .under(request.varied());
  }

  /// Where the command starts, and finds its inputs below.
  private static String directory(Request request) {
    return request.varied().contains(Factor.PATH) ? Circumstances.DIRECTORY : BUILD;
  }

  /// How the inputs got where they are seen.
  private record Laid(List<Spawn.Bind> binds, List<Beneath> beneath) {}

  private Laid layOut(Request request, Slot slot) throws IOException, InterruptedException {
    SortedMap<RelativePath, Content> files = new TreeMap<>(request.inputs());
    files.values().removeIf(content -> content instanceof Content.Tree);
    boolean layered = sandbox instanceof NamespaceSandbox && files.size() >= MANY;
    slot.make(directories(request, slot.build(), layered));
    Layout layout = new Layout(slot.build(), blobs, sandbox.hermetic(), slot.directories());
    List<Spawn.Bind> binds = new ArrayList<>();
    String directory = directory(request);
    binds.add(new Spawn.Bind(layout.root(), directory, true));
    List<Beneath> beneath = new ArrayList<>();
    if (layered) {
      Path work = Files.createDirectory(slot.folder().resolve("work"));
      beneath.add(new Beneath(directory, trees.of(files), work));
    } else {
      putFiles(files, layout, directory, binds);
    }
    putTrees(request.inputs(), layout, directory, binds);
    layout.finish();
    binds.addAll(request.binds());
    return new Laid(binds, beneath);
  }

  /// Those that have to be there before anything else.
  private static Set<Path> directories(Request request, Path build, boolean layered) {
    Set<Path> directories = new HashSet<>();
    for (RelativePath output : request.outputs()) {
      boolean tree = request.trees().contains(output);
      directories.add((tree ? output : output.parent()).under(build));
    }
    request
        .inputs()
        .forEach((path, content) -> {
          if (content instanceof Content.Tree) {
            directories.add(path.under(build));
          } else if (!layered) {
            directories.add(path.parent().under(build));
          }
        });
    return directories;
  }

  private void putFiles(
      Map<RelativePath, Content> files, Layout layout, String directory, List<Spawn.Bind> binds)
      throws IOException {
    for (Map.Entry<RelativePath, Content> file : files.entrySet()) {
      Path path = file.getKey().under(layout.root());
      layout.put(path, file.getValue());
      if (sandbox.hermetic() && file.getValue() instanceof Content.File) {
        binds.add(new Spawn.Bind(path, directory + "/" + file.getKey(), false));
      }
    }
  }

  private void putTrees(
      Map<RelativePath, Content> inputs, Layout layout, String directory, List<Spawn.Bind> binds)
      throws IOException, InterruptedException {
    for (Map.Entry<RelativePath, Content> input : inputs.entrySet()) {
      if (input.getValue() instanceof Content.Tree(var digest)) {
        Path path = input.getKey().under(layout.root());
        if (sandbox.hermetic()) {
          layout.directory(path);
          binds.add(new Spawn.Bind(trees.tree(digest), directory + "/" + input.getKey(), false));
        } else {
          layout.put(path, input.getValue());
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    scratch.close();
  }
}
