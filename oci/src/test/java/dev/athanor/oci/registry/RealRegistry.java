package dev.athanor.oci.registry;

import static org.junit.jupiter.api.Assertions.fail;

import dev.athanor.engine.testing.Peer;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The reference registry (`docker-registry`), run by a test on a free port of the loopback.
public final class RealRegistry implements AutoCloseable {
  private final Process process;
  private final int port;

  private RealRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// @param more sections of its configuration: `auth:`, or what is indented below `http:`
  public static RealRegistry start(Path folder, String http, String more)
      throws IOException, InterruptedException {
    Peer program = Peer.find("docker-registry");
    int port = freePort();
    Path config = folder.resolve("registry-" + port + ".yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: true}}
        storage:
          filesystem: {rootdirectory: %s}
          delete: {enabled: true}
        http:
          addr: 127.0.0.1:%d
          secret: none
        %s
        %s
        """
            .formatted(folder.resolve("store-" + port), port, http.indent(2), more));
    Path log = folder.resolve("registry-" + port + ".log");
    RealRegistry registry = new RealRegistry(program.start(log, "serve", config.toString()), port);
    registry.awaitStart(log);
    return registry;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitStart(Path log) throws IOException, InterruptedException {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    close();
    fail("docker-registry does not start:\n" + Files.readString(log));
  }

  public String host() {
    return "localhost:" + port;
  }

  public Repository repository(String path) {
    return new Repository(host(), path);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
