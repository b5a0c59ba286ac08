package dev.athanor.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.oci.layer.Peers;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a newcomer does first works as it is written.
final class TutorialTest {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "tutorial.md,                     docker-registry curl",
    "howto/registries-and-logins.md,  docker-registry curl htpasswd skopeo",
    "howto/air-gap.md,                docker-registry curl",
    "howto/ci.md,                     ''",
    "howto/remote-cache.md,           ''",
    "howto/debug-a-rebuild.md,        ''",
    "howto/fix-non-determinism.md,    gzip od",
  })
  void page_doesWhatItSays(String page, String tools) throws Exception {
    if (page.contains("determinism")) {
      assumeEverythingCanBeVaried();
    }
    Peers.requireTools(tools.isEmpty() ? new String[] {} : tools.split(" ", -1));

    Transcript.of(TestWorkspace.CHECKOUT.resolve("docs").resolve(page))
        .where("localhost:5000", "localhost:" + freePort())
        .where("8980", String.valueOf(freePort()))
        .where("8981", String.valueOf(freePort()))
        .run(TestWorkspace.in(temp));
  }

  /// Findings name what a poorer sandbox cannot vary.
  private void assumeEverythingCanBeVaried() throws IOException, InterruptedException {
    try (Sandbox sandbox = Sandboxes.choose("auto", temp.resolve("state")).sandbox()) {
      assumeTrue(
          sandbox.varies().containsAll(Factor.FOLLOWED)
              || System.getenv("ATHANOR_REQUIRE_PEERS") != null,
          "this host cannot vary everything");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
