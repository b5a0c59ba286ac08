package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Runs commands in a [Sandbox], each in a scratch folder of its own that appears as `/build`.
///
/// A process in a hermetic sandbox meets its inputs as the store's own files, each bound read-only
/// over its own hard link: no permission that it may have or take lets it change them. Without such
/// protection they are copies.
public final class SandboxedSpawnRunner implements SpawnRunner, AutoCloseable {
  /// Where every command works, so that no path of the host gets into what it makes.
  private static final String BUILD = "/build";

  /// Fixed names and numbers for what programs like to record.
  private static final Spawn.User USER = new Spawn.User(1000, 1000, List.of());

  private static final String HOSTNAME = "athanor";

  private final Sandbox sandbox;
  private final BlobStore blobs;
  private final ScratchDirs scratch;

  private SandboxedSpawnRunner(Sandbox sandbox, BlobStore blobs, ScratchDirs scratch) {
    this.sandbox = sandbox;
    this.blobs = blobs;
    this.scratch = scratch;
  }

  /// @param scratch a folder for scratch folders, on the file system of `blobs` if possible;
  ///   several JVMs may share it
  public static SandboxedSpawnRunner open(Sandbox sandbox, BlobStore blobs, Path scratch)
      throws IOException {
    return new SandboxedSpawnRunner(sandbox, blobs, ScratchDirs.open(scratch));
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
  public Result run(Request request) throws IOException, InterruptedException {
    Path dir = scratch.create();
    try {
      long start = System.nanoTime();
      Path build = Files.createDirectory(dir.resolve("build"));
      Path stdout = Files.createFile(dir.resolve("stdout"));
      Path stderr = Files.createFile(dir.resolve("stderr"));
      List<Spawn.Bind> binds = new ArrayList<>();
      binds.add(new Spawn.Bind(build, BUILD, true));
      binds.addAll(layOut(request, build));
      binds.addAll(request.binds());
      Duration layout = Duration.ofNanos(System.nanoTime() - start);
      Exit exit = sandbox.run(spawn(request, binds, stdout, stderr));
      return new Result(
          exit,
          collect(request.outputs(), build),
          blobs.put(Files.readAllBytes(stdout)),
          blobs.put(Files.readAllBytes(stderr)),
          layout,
          request.keep() ? Optional.of(dir) : Optional.empty());
    } finally {
      if (!request.keep()) {
        scratch.discard(dir);
      }
    }
  }

  private static Spawn spawn(Request request, List<Spawn.Bind> binds, Path stdout, Path stderr) {
    return new Spawn(
        request.argv(),
        request.env(),
        BUILD,
        request.root(),
        binds,
        USER,
        HOSTNAME,
        request.network(),
        request.limits(),
        new Spawn.Stdio.Files(stdout, stderr));
  }

  /// Puts the inputs into `build`.
  ///
  /// @return binds that protect them
  private List<Spawn.Bind> layOut(Request request, Path build) throws IOException {
    boolean links = sandbox.hermetic();
    Layout layout = new Layout(blobs, links);
    List<Spawn.Bind> binds = new ArrayList<>();
    for (RelativePath output : request.outputs()) {
      layout.directory(output.parent().under(build));
    }
    for (Map.Entry<RelativePath, Content> input : request.inputs().entrySet()) {
      Path path = input.getKey().under(build);
      layout.put(path, input.getValue());
      if (links && !(input.getValue() instanceof Content.Symlink)) {
        binds.add(new Spawn.Bind(path, BUILD + "/" + input.getKey(), false));
      }
    }
    return binds;
  }

  private Map<RelativePath, Content> collect(List<RelativePath> outputs, Path build)
      throws IOException {
    Map<RelativePath, Content> contents = new TreeMap<>();
    for (RelativePath output : outputs) {
      try {
        contents.put(output, Trees.capture(output.under(build), blobs));
      } catch (NoSuchFileException e) {
        // What a missing output means is for the engine to say.
      }
    }
    return contents;
  }

  @Override
  public void close() throws IOException {
    scratch.close();
  }
}
