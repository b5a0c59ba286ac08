package dev.athanor.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Runs a program of the host as it is, with the host's environment and no sandbox: for programs
/// that the user chose to trust, such as credential helpers.
public final class HostProgram {
  private HostProgram() {}

  /// What the program printed; nothing when it is not installed or reports failure. Its errors are
  /// dropped: they may hold what it was asked for.
  public static Optional<byte[]> output(List<String> argv, String input) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It did not read its input; its exit code tells whether that matters.
    }
    byte[] output = process.getInputStream().readAllBytes();
    try {
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
