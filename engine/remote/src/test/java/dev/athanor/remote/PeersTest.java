package dev.athanor.remote;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.OutputFile;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.testing.Peer;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.grpc.GrpcCache;
import dev.athanor.remote.grpc.GrpcConnection;
import dev.athanor.remote.http.HttpCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our clients at caches that others wrote.
final class PeersTest {
  @TempDir Path dir;

  private final MemoryBlobStore near = new MemoryBlobStore();
  private @Nullable Process server;

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.destroy();
      server.waitFor();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void await(int port) throws InterruptedException, IOException {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new AssertionError("no server:\n" + Files.readString(dir.resolve("log")));
  }

  private Digest noise(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return near.put(bytes);
  }

  private void roundTrips(RemoteCache cache) throws IOException {
    for (int size : new int[] {1, 5000, 900_000, 5_000_000, 20_000_001}) {
      Digest digest = noise(size);
      assertThat(cache.missing(Set.of(digest))).containsExactly(digest);
      assertThrows(
          MissingBlobException.class, () -> cache.read(digest, new ByteArrayOutputStream()));

      cache.write(Set.of(digest), near);

      assertThat(cache.missing(Set.of(digest))).isEmpty();
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      cache.read(digest, back);
      assertThat(back.toByteArray()).isEqualTo(near.read(digest));
      assertThat(cache.read(List.of(digest)).get(digest)).isEqualTo(near.read(digest));
    }
  }

  /// The cache of BuildStream 1 keeps blobs and no results.
  @Test
  void buildStream_keepsBlobs() throws Exception {
    var _ = Peer.find("bst");
    int port = freePort();
    server =
        new ProcessBuilder(
                "/usr/bin/python3",
                "-c",
                "from buildstream._artifactcache.casserver import server_main; server_main()",
                "--port",
                String.valueOf(port),
                "--enable-push",
                "--head-room-min",
                "1000000",
                "--head-room-max",
                "2000000",
                dir.resolve("cas").toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile())
            .start();
    await(port);
    Endpoint endpoint = Endpoint.of("grpc://127.0.0.1:" + port);

    try (GrpcCache cache = new GrpcCache(new GrpcConnection(endpoint, "test"), Retries.DEFAULT)) {
      roundTrips(cache);
      RemoteException e = assertThrows(RemoteException.class, () -> cache.result(Digest.EMPTY));
      assertThat(e.isHopeless()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/deeper/below"})
  void nginx_keepsBlobsAndResults(String path) throws Exception {
    Peer program = Peer.find("nginx");
    int port = freePort();
    Path root = Files.createDirectory(dir.resolve("root"));
    Path config = dir.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          client_max_body_size 0;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%2$d;
            root %3$s;
            location / {
              dav_methods PUT;
              create_full_put_path on;
            }
          }
        }
        """
            .formatted(dir, port, root));
    server = program.start(dir.resolve("log"), "-e", dir + "/nginx.err", "-c", config.toString());
    await(port);

    try (HttpCache cache =
        new HttpCache(Endpoint.of("http://127.0.0.1:" + port + path), Retries.DEFAULT)) {
      roundTrips(cache);
      Digest key = Digester.digest("key".getBytes(UTF_8));
      Digest output = noise(1);
      ActionResult result =
          ActionResult.newBuilder()
              .addOutputFiles(OutputFile.newBuilder().setPath("out").setDigest(Trees.wire(output)))
              .build();
      assertThat(cache.result(key)).isEmpty();
      cache.putResult(key, result);
      assertThat(cache.result(key)).isEqualTo(Optional.of(result));
    }
  }
}
