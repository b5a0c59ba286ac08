package dev.athanor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Other programs, for tests.
final class Programs {
  /// Where this program's classes are, for another JVM.
  static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));

  private static final long LIMIT_SECONDS = 300;

  private Programs() {}

  /// Runs a program to its end, with no other environment than this, the path and proxies.
  static CliResult run(Path directory, Map<String, String> env, List<String> command) {
    try {
      Process process = prepare(directory, env, command).start();
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

  /// Runs lines of shell, the first that fails being the last, and gives what they print.
  static String shell(Path directory, String lines) {
    CliResult result = run(directory, Map.of(), List.of("/bin/sh", "-euc", lines));
    return result.succeeds().out();
  }

  static ProcessBuilder prepare(Path directory, Map<String, String> env, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> !name.endsWith("_proxy"));
    builder.environment().put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
    builder.environment().putAll(env);
    return builder;
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
