package dev.athanor.cli;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A real container runtime with a storage of its own, and a daemon where it needs one. Layers are
/// copied whole, which goes on every file system.
final class TestRuntime implements AutoCloseable {
  /// Which one. The loopback of a distant docker is not ours.
  enum Kind {
    DOCKER,
    DISTANT_DOCKER,
    PODMAN,
    CONTAINERD
  }

  final Kind kind;

  /// What its command line has to know.
  final Map<String, String> env = new TreeMap<>();

  /// Podman and sockets refuse long paths.
  private final Path folder = Files.createTempDirectory("athanor");

  private @Nullable Process daemon;

  private TestRuntime(Kind kind) throws IOException {
    this.kind = kind;
    env.put("HOME", folder.toString());
    env.put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
  }

  /// Skips or fails the calling test where there is no such runtime.
  static TestRuntime start(Kind kind) throws IOException, InterruptedException {
    Peers.requireRoot();
    switch (kind) {
      case DOCKER -> Peers.requireTools("docker", "dockerd", "containerd");
      case DISTANT_DOCKER -> Peers.requireTools("docker", "dockerd", "containerd", "unshare");
      case PODMAN -> Peers.requireTools("podman");
      case CONTAINERD -> Peers.requireTools("containerd", "ctr");
    }
    TestRuntime runtime = new TestRuntime(kind);
    try {
      runtime.start();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      runtime.close();
      throw e;
    }
    return runtime;
  }

  private void start() throws IOException, InterruptedException {
    Path socket = folder.resolve("socket");
    switch (kind) {
      case DOCKER -> docker(socket, List.of());
      case DISTANT_DOCKER -> docker(socket, List.of("unshare", "--net"));
      case PODMAN ->
          env.put(
              "CONTAINERS_STORAGE_CONF",
              Files.writeString(
                      folder.resolve("storage.conf"),
                      """
                      [storage]
                      driver = "vfs"
                      graphroot = "%1$s/root"
                      runroot = "%1$s/run"
                      """
                          .formatted(folder))
                  .toString());
      case CONTAINERD -> {
        env.put("CONTAINERD_ADDRESS", socket.toString());
        env.put("CONTAINERD_SNAPSHOTTER", "native");
        daemon(
            List.of("containerd", "--address", socket.toString(), "--config", "/dev/null"),
            "--root",
            "--state");
      }
    }
  }

  private void docker(Path socket, List<String> before) throws IOException, InterruptedException {
    env.put("DOCKER_HOST", "unix://" + socket);
    List<String> command =
        List.of(
            "dockerd",
            "--host=unix://" + socket,
            "--storage-driver=vfs",
            "--iptables=false",
            "--ip6tables=false",
            "--bridge=none",
            "--pidfile=" + folder.resolve("pid"));
    daemon(Stream.concat(before.stream(), command.stream()).toList(), "--data-root", "--exec-root");
  }

  /// Starts a daemon and waits until it answers.
  ///
  /// @param folders flags that name one each
  private void daemon(List<String> command, String... folders)
      throws IOException, InterruptedException {
    Stream<String> flags =
        Stream.of(folders).map(flag -> flag + "=" + folder.resolve(flag.substring(2)));
    Path log = folder.resolve("log");
    Process started =
        Programs.prepare(folder, Map.of(), Stream.concat(command.stream(), flags).toList())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    daemon = started;
    for (int i = 0; i < 300 && started.isAlive(); i++) {
      if (Programs.run(folder, env, List.of(program(), "version")).code() == 0) {
        return;
      }
      Thread.sleep(100);
    }
    String said = Files.readString(log);
    if (!started.isAlive()) {
      // It is there, and this host has not all that it wants, such as control groups.
      Assumptions.abort(command.getFirst() + " does not run on this host: " + said);
    }
    throw new AssertionError(command + " does not answer:\n" + said);
  }

  /// What `--to` calls it.
  String name() {
    return switch (kind) {
      case DOCKER, DISTANT_DOCKER -> "docker";
      case PODMAN -> "podman";
      case CONTAINERD -> "containerd";
    };
  }

  private String program() {
    return kind == Kind.CONTAINERD ? "ctr" : name();
  }

  /// Runs its command line.
  String run(String... words) {
    List<String> command = Stream.concat(Stream.of(program()), Stream.of(words)).toList();
    return Programs.run(folder, env, command).succeeds().out();
  }

  /// The names of all images that it has.
  List<String> names() {
    String list =
        kind == Kind.CONTAINERD
            ? run("images", "ls", "--quiet")
            : run("images", "--format", "{{.Repository}}:{{.Tag}}");
    return list.lines().filter(name -> !name.contains("<none>")).sorted().toList();
  }

  /// The digest of the config of an image.
  String config(String name) {
    String id = run("image", "inspect", "--format", "{{.Id}}", name).strip();
    return id.startsWith("sha256:") ? id : "sha256:" + id;
  }

  @Override
  public void close() throws IOException {
    Process running = daemon;
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(20, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Peers.run("rm", "-rf", folder.toString());
  }
}
