package dev.athanor.oci.registry;

import dev.athanor.engine.testing.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// nginx in front of a registry, as many have it.
record Nginx(Process process, int port) implements AutoCloseable {
  /// @param options of the server
  static Nginx start(Path folder, String registry, String options)
      throws IOException, InterruptedException {
    Peer program = Peer.find("nginx");
    int port = RealRegistry.freePort();
    Path config = folder.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/nginx-body;
          proxy_temp_path %1$s/nginx-proxy;
          fastcgi_temp_path %1$s/nginx-fastcgi;
          uwsgi_temp_path %1$s/nginx-uwsgi;
          scgi_temp_path %1$s/nginx-scgi;
          server {
            listen 127.0.0.1:%2$d;
            %4$s
            location / {
              proxy_pass http://%3$s;
              proxy_set_header Host $http_host;
              proxy_request_buffering off;
              proxy_max_temp_file_size 0;
            }
          }
        }
        """
            .formatted(folder, port, registry, options));
    Path log = folder.resolve("nginx.out");
    Process process = program.start(log, "-e", folder + "/nginx.err", "-c", config.toString());
    for (int i = 0; i < 100; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          break;
        }
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    return new Nginx(process, port);
  }

  String host() {
    return "localhost:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
