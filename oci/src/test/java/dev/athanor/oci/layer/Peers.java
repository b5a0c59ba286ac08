package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// What tests against other tools need of the machine. A test is skipped, with the reason, where it
/// is missing; with `ATHANOR_REQUIRE_PEERS=1` it fails instead.
public final class Peers {
  private Peers() {}

  /// Skips or fails the calling test unless all `tools` are installed.
  public static void requireTools(String... tools) {
    for (String tool : tools) {
      boolean found =
          List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin").stream()
              .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
      require(found, tool + " is not installed");
    }
  }

  /// Skips or fails the calling test unless it runs as root on Linux.
  public static void requireRoot() {
    boolean root =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("user.name").equals("root");
    require(root, "needs root on Linux");
  }

  private static void require(boolean condition, String reason) {
    boolean required =
        "1".equals(System.getenv("ATHANOR_REQUIRE_PEERS"))
            || Boolean.getBoolean("athanor.require.peers");
    if (required) {
      assertWithMessage(reason).that(condition).isTrue();
    }
    Assumptions.assumeTrue(condition, reason);
  }

  /// Runs `command` to its end and returns what it printed, errors included.
  public static String run(String... command) throws IOException {
    return runIn(Path.of("."), command);
  }

  /// As [#run], in `directory`.
  public static String runIn(Path directory, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
    Process process = builder.start();
    String output;
    try (InputStream in = process.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      assertWithMessage("%s: %s", List.of(command), output).that(process.waitFor()).isEqualTo(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }
}
