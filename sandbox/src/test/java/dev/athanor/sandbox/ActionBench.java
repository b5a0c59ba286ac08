package dev.athanor.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Times small actions through [SandboxedSpawnRunner], and the layout of many inputs.
///
/// Not a test. `java --enable-native-access=ALL-UNNAMED -cp ... dev.athanor.sandbox.ActionBench
/// sandbox actions parallelism [folder]`
final class ActionBench {
  private final SandboxedSpawnRunner runner;
  private final BlobStore blobs;

  private ActionBench(SandboxedSpawnRunner runner, BlobStore blobs) {
    this.runner = runner;
    this.blobs = blobs;
  }

  public static void main(String[] args) throws Exception {
    Path base = Path.of(args.length > 3 ? args[3] : System.getProperty("java.io.tmpdir"));
    Path dir = Files.createTempDirectory(base, "action-bench");
    BlobStore blobs = DiskBlobStore.open(dir.resolve("store"));
    var sandbox = Sandboxes.choose(args[0], dir.resolve("state")).sandbox();
    try (SandboxedSpawnRunner runner =
        SandboxedSpawnRunner.open(sandbox, blobs, dir.resolve("scratch"))) {
      ActionBench bench = new ActionBench(runner, blobs);
      int actions = Integer.parseInt(args[1]);
      int parallelism = Integer.parseInt(args[2]);
      for (int round = 0; round < 3; round++) {
        bench.small(round, actions, parallelism);
      }
      for (int inputs : new int[] {10, 100, 1000, 10_000}) {
        bench.wide(inputs);
      }
    }
    ScratchDirs.delete(dir);
  }

  private void small(int round, int actions, int parallelism) throws Exception {
    Semaphore permits = new Semaphore(parallelism);
    AtomicLong layout = new AtomicLong();
    AtomicLong wall = new AtomicLong();
    long start = System.nanoTime();
    for (int i = 0; i < actions; i++) {
      permits.acquire();
      String text = "input " + round + " " + i;
      Thread.ofVirtual()
          .start(() -> {
            try {
              SpawnRunner.Result result = run(inputs(1, text), "cat in/0 > pkg/out", "pkg/out");
              layout.addAndGet(result.layout().toNanos());
              wall.addAndGet(result.exit().wall().toNanos());
            } catch (Exception e) {
              throw new IllegalStateException(e);
            } finally {
              permits.release();
            }
          });
    }
    permits.acquire(parallelism);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf(
        "%d small actions: %.0f a second; each %d us to lay out, %d us to run%n",
        actions,
        actions * 1e9 / took.toNanos(),
        layout.get() / actions / 1000,
        wall.get() / actions / 1000);
  }

  private void wide(int count) throws Exception {
    SortedMap<RelativePath, Content> inputs = inputs(count, "wide");
    for (String what : List.of("new", "again", "again")) {
      long start = System.nanoTime();
      SpawnRunner.Result result = run(inputs, "ls in | wc -l > pkg/out", "pkg/out");
      System.out.printf(
          "%d inputs, %s: laid out in %d us, in all %d us%n",
          count, what, result.layout().toNanos() / 1000, (System.nanoTime() - start) / 1000);
    }
  }

  private SortedMap<RelativePath, Content> inputs(int count, String text) throws Exception {
    SortedMap<RelativePath, Content> inputs = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      inputs.put(
          RelativePath.of("in/" + i),
          new Content.File(blobs.put((text + i).getBytes(UTF_8)), false));
    }
    return inputs;
  }

  private SpawnRunner.Result run(
      SortedMap<RelativePath, Content> inputs, String script, String output) throws Exception {
    SortedMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/bin:/bin");
    SpawnRunner.Result result =
        runner.run(
            new SpawnRunner.Request(
                "bench",
                List.of("/bin/sh", "-c", script),
                env,
                inputs,
                List.of(RelativePath.of(output)),
                Set.of(),
                false,
                Runs.HOST,
                List.of(),
                false,
                new Spawn.Limits(
                    Optional.of(Duration.ofMinutes(1)), Optional.empty(), Optional.empty()),
                false));
    if (!result.exit().success() || result.outputs().isEmpty()) {
      throw new IllegalStateException(new String(blobs.read(result.stderr()), UTF_8));
    }
    return result;
  }
}
