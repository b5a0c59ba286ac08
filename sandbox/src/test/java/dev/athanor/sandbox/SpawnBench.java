package dev.athanor.sandbox;

import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Times the run of `/bin/true` in every way there is, in turn, and prints medians in microseconds.
///
/// Not a test. `java --enable-native-access=ALL-UNNAMED -cp ... dev.athanor.sandbox.SpawnBench
/// [rounds [parallelism]]`
final class SpawnBench {
  private interface Way {
    void run() throws Exception;
  }

  private SpawnBench() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    Path dir = Files.createTempDirectory("spawn-bench");
    Map<String, Way> ways = ways(dir);
    Map<String, long[]> times = new LinkedHashMap<>();
    for (int warmUp = 0; warmUp < 300; warmUp++) {
      for (Way way : ways.values()) {
        way.run();
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Way> way : ways.entrySet()) {
        long start = System.nanoTime();
        inParallel(threads, way.getValue());
        long[] samples = times.computeIfAbsent(way.getKey(), _ -> new long[rounds]);
        samples[round] = (System.nanoTime() - start) / threads;
      }
    }
    long[] first = times.values().iterator().next();
    Arrays.sort(first);
    for (Map.Entry<String, long[]> entry : times.entrySet()) {
      long[] sorted = entry.getValue();
      Arrays.sort(sorted);
      double ratio = (double) sorted[rounds / 2] / first[rounds / 2];
      System.out.printf(
          "%-40s %6d us  p90 %6d  x %.2f%n",
          entry.getKey(), sorted[rounds / 2] / 1000, sorted[rounds * 9 / 10] / 1000, ratio);
    }
  }

  private static Map<String, Way> ways(Path dir) throws IOException, InterruptedException {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("posix_spawn", () -> plain("/bin/true"));
    for (String name : Sandboxes.NAMES) {
      Sandbox sandbox = Sandboxes.choose(name, dir.resolve(name)).sandbox();
      Runs runs = Runs.in(dir.resolve(name), sandbox);
      Path out = Files.createFile(dir.resolve(name + ".out"));
      Spawn spawn = runs.spawn(out, out, "/bin/true");
      ways.put(name, () -> check(sandbox.run(spawn).code()));
    }
    if (Files.exists(Path.of("/usr/bin/bwrap"))) {
      List<String> bwrap = new ArrayList<>(List.of("/usr/bin/bwrap", "--unshare-all"));
      bwrap.addAll(List.of("--ro-bind", "/usr", "/usr", "--symlink", "usr/lib64", "/lib64"));
      bwrap.addAll(List.of("--symlink", "usr/lib", "/lib", "--proc", "/proc", "--dev", "/dev"));
      bwrap.addAll(List.of("--tmpfs", "/tmp", "/usr/bin/true"));
      ways.put("bwrap by posix_spawn", () -> plain(bwrap.toArray(String[]::new)));
    }
    return ways;
  }

  private static void plain(String... argv) throws IOException {
    int pid = Libc.spawn(argv[0], argv, new String[] {"PATH=/usr/bin:/bin"}, new int[0], false);
    check(Child.of(pid).await().status());
  }

  private static void check(int status) {
    if (status != 0) {
      throw new IllegalStateException("status " + status);
    }
  }

  private static void inParallel(int count, Way way) throws Exception {
    if (count == 1) {
      way.run();
      return;
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  way.run();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
