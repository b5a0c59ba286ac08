package dev.athanor.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Debian's `docker-registry` on a free port of the loopback, with its files in a folder.
final class DockerRegistry implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final Process process;

  private DockerRegistry(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  static DockerRegistry start(Path folder) throws IOException, InterruptedException {
    return start(folder, "");
  }

  /// A registry that wants a login: a line of an htpasswd file, with bcrypt.
  static DockerRegistry withLogin(Path folder, String htpasswd)
      throws IOException, InterruptedException {
    Path file = Files.writeString(Files.createDirectories(folder).resolve("htpasswd"), htpasswd);
    return start(folder, "auth: {htpasswd: {realm: test, path: %s}}\n".formatted(file));
  }

  private static DockerRegistry start(Path folder, String auth)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("config.yml"),
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
            http: {addr: "127.0.0.1:%d"}
            %s\
            """
                .formatted(folder.resolve("store"), port, auth));
    Process process =
        Programs.prepare(folder, Map.of(), List.of("docker-registry", "serve", config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    DockerRegistry registry = new DockerRegistry(folder, port, process);
    registry.awaitAnswer();
    return registry;
  }

  /// `127.0.0.1:port`.
  String host() {
    return "127.0.0.1:" + port;
  }

  /// Where it keeps a blob's bytes.
  Path blob(String digest) {
    String hex = digest.replaceFirst("^sha256:", "");
    return folder
        .resolve("store/docker/registry/v2/blobs/sha256")
        .resolve(hex.substring(0, 2))
        .resolve(hex)
        .resolve("data");
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    for (int i = 0; i < 200 && process.isAlive(); i++) {
      try {
        HttpURLConnection connection =
            (HttpURLConnection) URI.create("http://" + host() + "/v2/").toURL().openConnection();
        connection.getResponseCode();
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new AssertionError(
        "docker-registry did not start: " + Files.readString(folder.resolve("log")));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
