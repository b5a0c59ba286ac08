package dev.athanor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Other programs, for tests.
final class Programs {
  private static final long LIMIT_SECONDS = 300;

  private Programs() {}

  /// Skips a test where programs are missing; fails it where `ATHANOR_REQUIRE_PEERS` says that they
  /// must be there.
  static void require(String... names) {
    for (String name : names) {
      boolean found =
          Stream.of(System.getenv("PATH").split(":"))
              .anyMatch(dir -> Files.isExecutable(Path.of(dir, name)));
      if (!found && "1".equals(System.getenv("ATHANOR_REQUIRE_PEERS"))) {
        Assertions.fail(name + " is not installed, and ATHANOR_REQUIRE_PEERS=1");
      }
      Assumptions.assumeTrue(found, () -> name + " is not installed");
    }
  }

  /// Runs a program to its end, with no other environment than this and the path.
  static CliResult run(Path directory, Map<String, String> env, List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
      builder.environment().putAll(env);
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      CompletableFuture<String> out =
          CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
      }
      return new CliResult(command, process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
