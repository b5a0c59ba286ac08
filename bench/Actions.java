import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.sandbox.SandboxedSpawnRunner;
import dev.athanor.sandbox.Sandboxes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// Runs commands with inputs and outputs in the sandbox, without the rest of the engine, and prints
/// figures, one a line: the seconds of each of five rounds of 1,000 small commands, two at a time;
/// then for 10, 1,000 and 10,000 inputs the milliseconds to lay them out, the first time and then.
///
/// usage: Actions FOLDER
final class Actions {
  private static final Spawn.Root HOST =
      new Spawn.Root.Host(
          Stream.of("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache").map(Path::of).toList());

  private final SandboxedSpawnRunner runner;
  private final BlobStore blobs;

  private Actions(SandboxedSpawnRunner runner, BlobStore blobs) {
    this.runner = runner;
    this.blobs = blobs;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    BlobStore blobs = DiskBlobStore.open(folder.resolve("store"));
    try (Sandbox sandbox = Sandboxes.choose("namespaces", folder.resolve("state")).sandbox();
        SandboxedSpawnRunner runner =
            SandboxedSpawnRunner.open(sandbox, blobs, folder.resolve("scratch"))) {
      Actions it = new Actions(runner, blobs);
      for (int round = 0; round < 5; round++) {
        it.small(round);
      }
      for (int count : new int[] {10, 1000, 10_000}) {
        it.wide(count);
      }
    }
    System.exit(0);
  }

  private void small(int round) throws Exception {
    Semaphore permits = new Semaphore(2);
    long start = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      permits.acquire();
      SortedMap<RelativePath, Content> inputs = inputs(1, round + " " + i);
      Thread.ofVirtual()
          .start(() -> {
            try {
              SpawnRunner.Result _ = run(inputs, "cat in/0 > out/0");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            } finally {
              permits.release();
            }
          });
    }
    permits.acquire(2);
    System.out.printf("small %.3f%n", (System.nanoTime() - start) / 1e9);
  }

  private void wide(int count) throws Exception {
    SortedMap<RelativePath, Content> inputs = inputs(count, "wide");
    StringBuilder line = new StringBuilder("wide " + count);
    for (int i = 0; i < 12; i++) {
      line.append(" ").append(run(inputs, "ls in | wc -l > out/0").layout().toNanos() / 1e6);
    }
    System.out.println(line);
  }

  private SortedMap<RelativePath, Content> inputs(int count, String text) throws Exception {
    SortedMap<RelativePath, Content> inputs = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = (text + " " + i).getBytes(UTF_8);
      inputs.put(RelativePath.of("in/" + i), new Content.File(blobs.put(bytes), false));
    }
    return inputs;
  }

  private SpawnRunner.Result run(SortedMap<RelativePath, Content> inputs, String script)
      throws Exception {
    SpawnRunner.Result result =
        runner.run(
            new SpawnRunner.Request(
                List.of("/bin/sh", "-c", script),
                new TreeMap<>(Map.of("PATH", "/usr/bin:/bin")),
                inputs,
                List.of(RelativePath.of("out/0")),
                Set.of(),
                false,
                HOST,
                List.of(),
                false,
                Spawn.Limits.NONE,
                false,
                Set.of()));
    if (!result.exit().success() || result.outputs().isEmpty()) {
      throw new IllegalStateException(new String(blobs.read(result.stderr()), UTF_8));
    }
    return result;
  }
}
