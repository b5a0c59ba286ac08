package dev.athanor.sandbox;

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/// Runs a program of the host as it is, with the host's environment and no sandbox: for programs
/// that the user chose to trust, such as credential helpers and container runtimes.
public final class HostProgram {
  private static final Executor READERS = Thread::startVirtualThread;
  private static final Duration FOREVER = Duration.ofDays(365);

  private HostProgram() {}

  /// How a program ended, and what it said on its two streams.
  public record Ended(int code, String out, String err) {
    public boolean success() {
      return code == 0;
    }
  }

  /// Writes what a program reads.
  public interface Input {
    Input NONE = _ -> {};

    void to(OutputStream in) throws IOException;
  }

  /// Where a program lies on the path of an environment.
  public static Optional<Path> find(String name, Map<String, String> env) {
    for (String folder :
        env.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1)) {
      Path program = Path.of(folder).resolve(name);
      if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /// Runs a program to its end, with an environment that is all it gets.
  ///
  /// @param input may be read in part: that the program stopped reading is no failure of its own
  /// @throws IOException when it cannot be started, or `input` failed, which ends it
  public static Ended run(List<String> argv, Map<String, String> env, Input input)
      throws IOException, InterruptedException {
    return run(argv, env, input, FOREVER);
  }

  /// The same for a program that may wait for somebody who is not there: when its time is over, it
  /// is ended, and has failed.
  public static Ended run(
      List<String> argv, Map<String, String> env, Input input, Duration patience)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(env);
    Process process = builder.start();
    try {
      CompletableFuture<String> out = reading(process.getInputStream());
      CompletableFuture<String> err = reading(process.getErrorStream());
      write(input, process);
      if (!process.waitFor(patience)) {
        return new Ended(-1, "", "no answer for " + patience.toSeconds() + " seconds");
      }
      return new Ended(process.exitValue(), out.join(), err.join());
    } catch (CompletionException e) {
      throw new IOException(argv.getFirst() + ": " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void write(Input input, Process process) throws IOException {
    Pipe pipe = new Pipe(process.getOutputStream());
    try (pipe) {
      input.to(pipe);
    } catch (IOException e) {
      if (!pipe.broken) {
        throw e;
      }
    }
  }

  /// What a process reads from; knows whether it was the process that stopped.
  private static final class Pipe extends FilterOutputStream {
    private boolean broken;

    Pipe(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } catch (IOException e) {
        broken = true;
      }
    }
  }

  private static CompletableFuture<String> reading(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        READERS);
  }

  /// What the program printed; nothing when it is not installed or reports failure. Its errors are
  /// dropped: they may hold what it was asked for.
  public static Optional<byte[]> output(List<String> argv, String input) throws IOException {
    return output(argv, input, Set.of());
  }

  /// The same, with these variables missing in the program's environment: secrets that are none of
  /// its business.
  public static Optional<byte[]> output(List<String> argv, String input, Set<String> secrets)
      throws IOException {
    ProcessBuilder program =
        new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD);
    program.environment().keySet().removeAll(secrets);
    Process process;
    try {
      process = program.start();
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
