package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Tells what a sandbox can really give on this host, by trying each [Leak] on the spot.
///
/// What it finds is for people and for tests; nothing decides by it.
public final class HostProbe {
  /// What came of trying one leak.
  ///
  /// @param leak what could get in or out
  /// @param detail what was seen of it
  /// @param advice what can be done about it; empty when it is closed
  public record Finding(String leak, State state, String detail, String advice) {}

  public enum State {
    CLOSED,
    OPEN,
    /// No sandbox closes it.
    INHERENT
  }

  private static final List<Path> TOOLS =
      List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"));

  private static final Spawn.Limits LIMITS =
      new Spawn.Limits(
          Optional.of(Duration.ofSeconds(20)), Optional.of(100_000_000L), Optional.of(100));

  private final SpawnRunner runner;
  private final BlobStore blobs;
  private final Path secret;
  private final int port;

  private HostProbe(SpawnRunner runner, BlobStore blobs, Path secret, int port) {
    this.runner = runner;
    this.blobs = blobs;
    this.secret = secret;
    this.port = port;
  }

  /// Tries every leak.
  ///
  /// @param state a folder for its own use
  public static List<Finding> probe(Sandbox sandbox, Path state)
      throws IOException, InterruptedException {
    Path dir = Files.createTempDirectory(Files.createDirectories(state), "probe").toRealPath();
    Path secret = Files.writeString(dir.resolve("secret"), "the secret\n");
    BlobStore blobs = DiskBlobStore.open(dir.resolve("store"));
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        SandboxedSpawnRunner runner =
            SandboxedSpawnRunner.open(sandbox, blobs, dir.resolve("scratch"))) {
      return new HostProbe(runner, blobs, secret, server.getLocalPort()).probe();
    } finally {
      ScratchDirs.delete(dir);
    }
  }

  private List<Finding> probe() throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (Leak leak : Leak.ALL) {
      findings.add(finding(leak, attempt(leak.script())));
    }
    findings.add(leftovers());
    for (Leak leak : Leak.INHERENT) {
      findings.add(new Finding(leak.name(), State.INHERENT, "", leak.advice()));
    }
    return findings;
  }

  private static Finding finding(Leak leak, String seen) {
    return seen.isEmpty()
        ? new Finding(leak.name(), State.CLOSED, "", "")
        : new Finding(leak.name(), State.OPEN, seen.lines().findFirst().orElse(""), leak.advice());
  }

  /// Whether a process outlives its command.
  private Finding leftovers() throws IOException, InterruptedException {
    String unique = "86399." + System.nanoTime();
    String _ = attempt("setsid sleep " + unique + " & sleep 0.1");
    boolean left =
        ProcessHandle.allProcesses()
            .anyMatch(it -> it.info().commandLine().orElse("").contains(unique));
    Leak leak = new Leak("processes left behind", "", "use --sandbox=namespaces");
    return finding(leak, left ? "sleep " + unique : "");
  }

  /// What the script prints.
  private String attempt(String script) throws IOException, InterruptedException {
    TreeMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    env.put("SECRET", secret.toString());
    env.put("HOST_PID", Long.toString(ProcessHandle.current().pid()));
    env.put("PORT", Integer.toString(port));
    Content input = new Content.File(blobs.put("input".getBytes(StandardCharsets.UTF_8)), false);
    SpawnRunner.Result result =
        runner.run(
            new SpawnRunner.Request(
                List.of("/bin/sh", "-c", script),
                env,
                new TreeMap<>(
                    Map.of(
                        RelativePath.of("in"),
                        input,
                        RelativePath.of("link"),
                        new Content.Symlink(secret.toString()))),
                List.of(),
                Set.of(),
                false,
                new Spawn.Root.Host(TOOLS),
                List.of(),
                false,
                LIMITS,
                false,
                Set.of()));
    return new String(blobs.read(result.stdout()), StandardCharsets.UTF_8).strip();
  }
}
