package dev.athanor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `athanor serve` in a process of its own, on free ports.
final class ServedCache implements AutoCloseable {
  final Process process;
  final String grpc;
  final String http;

  private ServedCache(Process process, String grpc, String http) {
    this.process = process;
    this.grpc = grpc;
    this.http = http;
  }

  static ServedCache start(TestWorkspace workspace, String... flags) throws IOException {
    List<String> words = new ArrayList<>(List.of("serve", "--grpc-port=0", "--http-port=0"));
    words.addAll(List.of(flags));
    Process process = workspace.telling(words.toArray(String[]::new));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String grpc = String.valueOf(lines.readLine());
    String http = grpc.startsWith("grpc") ? String.valueOf(lines.readLine()) : "";
    if (!http.startsWith("http")) {
      process.destroyForcibly();
      throw new AssertionError("no addresses: " + grpc + " " + http);
    }
    return new ServedCache(process, grpc, http);
  }

  String get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(http + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /// Ends it as systemd does.
  ///
  /// @return the exit code
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
