package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `athanor serve`, as a process.
@Timeout(120)
final class ServeTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
  }

  @Test
  void server_runsUntilItIsEnded_andEndsWell() throws IOException, InterruptedException {
    try (ServedCache cache = ServedCache.start(workspace, "--max-size=1G")) {
      assertThat(cache.grpc).matches("grpc://127\\.0\\.0\\.1:\\d+");
      assertThat(cache.http).matches("http://127\\.0\\.0\\.1:\\d+");
      assertThat(cache.get("/healthz")).isEqualTo("ok\n");
      assertThat(cache.stop()).isEqualTo(0);
    }
    assertThat(TestWorkspace.files(workspace.cache.resolve("leases"))).isEmpty();
  }

  @Test
  void json_tellsTheAddresses() throws IOException, InterruptedException {
    Process process = workspace.telling("serve", "--json", "--grpc-port=0", "--http-port=0");
    try {
      StringBuilder text = new StringBuilder();
      for (int c = process.getInputStream().read(); c >= 0; c = process.getInputStream().read()) {
        text.append((char) c);
        if (c == '}') {
          break;
        }
      }
      JsonObject json = JsonParser.parseString(text.toString()).getAsJsonObject();
      assertThat(json.get("grpc").getAsString()).startsWith("grpc://127.0.0.1:");
      assertThat(json.get("http").getAsString()).startsWith("http://127.0.0.1:");
    } finally {
      process.destroyForcibly();
    }
  }

  /// What a build put there may be fetched, and a build may use the directory meanwhile.
  @Test
  void buildsOfThisMachine_shareTheDirectory() throws IOException, InterruptedException {
    workspace
        .write("a.txt", "a\n")
        .write(
            "BUILD", "genrule(name = 'a', srcs = ['a.txt'], outs = ['b'], cmd = 'cat $< $< > $@')");
    try (ServedCache cache = ServedCache.start(workspace)) {
      workspace.athanor("build", "//...").succeeds();
      String hex = Digester.digest("a\na\n".getBytes(UTF_8)).hex();
      assertThat(cache.get("/cas/" + hex)).isEqualTo("a\na\n");
    }
  }

  @Test
  void killedServer_leavesASoundStore() throws IOException, InterruptedException {
    byte[] bytes = new byte[1_000_000];
    String hex = Digester.digest(bytes).hex();
    try (ServedCache cache = ServedCache.start(workspace)) {
      URI address = URI.create(cache.http);
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        OutputStream out = socket.getOutputStream();
        String head = "PUT /cas/" + hex + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
        out.write(head.getBytes(UTF_8));
        out.write(bytes, 0, 500_000);
        out.flush();
        while (uploaded() < 400_000) {
          Thread.sleep(10);
        }
        cache.process.destroyForcibly().waitFor();
      }
    }
    assertThat(TestWorkspace.files(workspace.cache.resolve("cas"))).isEmpty();
    assertThat(TestWorkspace.files(workspace.cache.resolve("tmp"))).hasSize(1);

    // The next one starts, and takes the blob.
    try (ServedCache cache = ServedCache.start(workspace, "--max-size=3M")) {
      assertThat(cache.get("/metrics")).contains("athanor_cache_entries 0\n");
      assertThat(put(cache, "/cas/" + hex, bytes)).isEqualTo(200);
      assertThat(cache.get("/metrics")).contains("athanor_cache_entries 1\n");
    }
    assertThat(Files.size(workspace.cache.resolve("cas").resolve(hex.substring(0, 2)).resolve(hex)))
        .isEqualTo(bytes.length);
  }

  private long uploaded() throws IOException {
    long size = 0;
    for (String file : TestWorkspace.files(workspace.cache.resolve("tmp"))) {
      size += Files.size(workspace.cache.resolve("tmp").resolve(file));
    }
    return size;
  }

  @Test
  void tokens_areReadFromWhereTheyAreSaidToBe() throws IOException, InterruptedException {
    workspace.env("READ", "reader").write("token", "writer\n");
    try (ServedCache cache =
        ServedCache.start(workspace, "--read-token=env:READ", "--write-token=file:token")) {
      String path = "/cas/" + Digester.digest(new byte[3]).hex();
      assertThat(put(cache, path, new byte[3])).isEqualTo(401);
      assertThat(put(cache, path, new byte[3], "Bearer reader")).isEqualTo(403);
      assertThat(put(cache, path, new byte[3], "Bearer writer")).isEqualTo(200);
    }
  }

  @Test
  void openCache_isForThisMachineOnly() {
    workspace
        .athanor("serve", "--listen=0.0.0.0")
        .fails(ExitCode.BAD_INPUT)
        .says("everybody who can reach 0.0.0.0", "--write-token", "--allow-anyone");
  }

  @Test
  void badFlags_areTold() {
    workspace
        .athanor("serve", "--read-token=hunter2")
        .fails(ExitCode.BAD_INPUT)
        .says("--read-token wants env:NAME or file:PATH");
    assertThat(workspace.athanor("serve", "--read-token=hunter2").err()).doesNotContain("hunter2");
    workspace
        .athanor("serve", "--write-token=env:NOTHING")
        .fails(ExitCode.BAD_INPUT)
        .says("the environment variable NOTHING, which holds nothing");
    workspace
        .athanor("serve", "--tls-cert=a.pem")
        .fails(ExitCode.BAD_INPUT)
        .says("--tls-cert and --tls-key go together");
    workspace
        .athanor("serve", "--client-ca=a.pem")
        .fails(ExitCode.BAD_INPUT)
        .says("--client-ca needs");
    workspace
        .athanor("serve", "--tls-cert=a.pem", "--tls-key=b.pem")
        .fails(ExitCode.BAD_INPUT)
        .says("cannot read", "a.pem");
    workspace
        .athanor("serve", "--grpc-port=70000")
        .fails(ExitCode.BAD_INPUT)
        .says("a port between 0 and 65535");
    workspace.athanor("serve", "//...").fails(ExitCode.BAD_INPUT).says("takes no arguments");
  }

  @Test
  void portThatIsTaken_isNamed() throws IOException, InterruptedException {
    try (ServedCache cache = ServedCache.start(workspace)) {
      int taken = URI.create(cache.http).getPort();
      workspace
          .athanor("serve", "--grpc-port=0", "--http-port=" + taken)
          .fails(ExitCode.BAD_INPUT)
          .says("cannot listen on 127.0.0.1, port " + taken, "another program may have it");
      taken = URI.create(cache.grpc).getPort();
      workspace
          .athanor("serve", "--http-port=0", "--grpc-port=" + taken)
          .fails(ExitCode.BAD_INPUT)
          .says("cannot listen on 127.0.0.1, port " + taken);
    }
  }

  private static int put(ServedCache cache, String path, byte[] body, String... authorization)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(cache.http + path))
              .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
      for (String value : authorization) {
        request.header("Authorization", value);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
