package dev.athanor.sandbox;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

final class Demo {
  private Demo() {}

  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory("demo");
    Path stage = Files.createDirectory(dir.resolve("stage"));
    Path work = Files.createDirectory(dir.resolve("work"));
    Path out = Files.createFile(dir.resolve("out"));
    Path err = Files.createFile(dir.resolve("err"));
    TreeMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/bin:/bin");
    Spawn spawn =
        new Spawn(
            List.of(args),
            env,
            "/build",
            new Spawn.Root.Host(
                List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"))),
            List.of(new Spawn.Bind(work, "/build", true)),
            new Spawn.User(1000, 1000, List.of()),
            "athanor",
            false,
            new Spawn.Limits(Optional.empty(), Optional.empty(), Optional.empty()),
            new Spawn.Stdio.Files(out, err));
    NamespaceSandbox sandbox = new NamespaceSandbox(Host.of(stage), Launcher.create());
    Exit exit = sandbox.run(spawn);
    System.out.println(exit);
    System.out.print(Files.readString(out));
    System.out.print(Files.readString(err));
    int n = Integer.getInteger("n", 0);
    long[] times = new long[Math.max(n, 1)];
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < n; i++) {
        long t = System.nanoTime();
        exit = sandbox.run(spawn);
        times[i] = System.nanoTime() - t;
      }
      java.util.Arrays.sort(times);
      System.out.println("median us " + times[times.length / 2] / 1000);
    }
  }
}
