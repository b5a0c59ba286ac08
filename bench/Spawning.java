package dev.athanor.sandbox;

import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Times the run of `/bin/true` in several ways, in turn, a few at a time, and prints for each its
/// name, the median and the tenth and ninetieth percentile in microseconds.
///
/// In the package of the sandboxes, to reach its `posix_spawn`: the JDK's own ways to start a process
/// are slower.
///
/// usage: Spawning FOLDER ROUNDS PARALLELISM [NAME=PROGRAM ARGUMENT... ;]...
final class Spawning {
  private static final List<Path> TOOLS =
      Stream.of("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache").map(Path::of).toList();

  /// How often each way is gone in a round.
  private static final int TIMES = 4;

  private interface Way {
    void run() throws Exception;
  }

  private Spawning() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int rounds = Integer.parseInt(args[1]);
    int threads = Integer.parseInt(args[2]);
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("posix_spawn", () -> plain("/bin/true"));
    Sandbox jail = Sandboxes.choose("namespaces", folder).sandbox();
    Spawn spawn = spawn(folder);
    ways.put("jail", () -> check(jail.run(spawn).code()));
    int from = 3;
    for (int i = 3; i < args.length; i++) {
      if (args[i].equals(";")) {
        String[] argv = Arrays.copyOfRange(args, from, i);
        String name = argv[0].substring(0, argv[0].indexOf('='));
        argv[0] = argv[0].substring(name.length() + 1);
        ways.put(name, () -> plain(argv));
        from = i + 1;
      }
    }
    measure(ways, rounds, threads);
    jail.close();
    System.exit(0);
  }

  private static void measure(Map<String, Way> ways, int rounds, int threads) throws Exception {
    Map<String, long[]> times = new LinkedHashMap<>();
    for (int round = -rounds / 2; round < rounds; round++) {
      for (Map.Entry<String, Way> way : ways.entrySet()) {
        // Once untimed: what the way before has left to the kernel shall not count.
        inParallel(threads, way.getValue());
        long start = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
          inParallel(threads, way.getValue());
        }
        if (round >= 0) {
          times.computeIfAbsent(way.getKey(), _ -> new long[rounds])[round] =
              (System.nanoTime() - start) / threads / TIMES;
        }
      }
    }
    times.forEach((name, samples) -> {
      Arrays.sort(samples);
      System.out.printf(
          "%s %d %d %d%n",
          name,
          samples[rounds / 2] / 1000,
          samples[rounds / 10] / 1000,
          samples[rounds * 9 / 10] / 1000);
    });
  }

  private static Spawn spawn(Path folder) throws IOException {
    Path build = Files.createDirectories(folder.resolve("build"));
    Path out = Files.writeString(folder.resolve("out"), "");
    return new Spawn(
        List.of("/bin/true"),
        new TreeMap<>(Map.of("PATH", "/usr/bin:/bin")),
        "/build",
        new Spawn.Root.Host(TOOLS),
        List.of(new Spawn.Bind(build.toRealPath(), "/build", true)),
        new Spawn.User(1000, 1000, List.of()),
        "athanor",
        false,
        Spawn.Limits.NONE,
        new Spawn.Stdio.Files(out, out));
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
    Thread[] threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  way.run();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
