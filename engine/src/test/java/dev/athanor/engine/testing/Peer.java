package dev.athanor.engine.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that others made, to compare with. A test that needs one is skipped where it is not
/// installed, unless `ATHANOR_REQUIRE_PEERS=1` says that it must be.
public final class Peer {
  private final Path program;

  private Peer(Path program) {
    this.program = program;
  }

  public static Peer find(String name) {
    for (String folder : String.valueOf(System.getenv("PATH")).split(":", -1)) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return new Peer(program);
      }
    }
    String missing = name + " is not installed";
    if ("1".equals(System.getenv("ATHANOR_REQUIRE_PEERS"))) {
      return fail(missing);
    }
    return abort(missing);
  }

  /// Runs it to its end and returns what it printed.
  public String run(String... args) throws IOException, InterruptedException {
    Process process = builder(args).redirectErrorStream(true).start();
    String output;
    try (InputStream in = process.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      return fail(program + " " + String.join(" ", args) + ":\n" + output);
    }
    return output;
  }

  /// Starts it in the background; its output goes to `log`.
  public Process start(Path log, String... args) throws IOException {
    return builder(args).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private ProcessBuilder builder(String... args) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }
}
