package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.sandbox.HostProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command line of a runtime on this machine. It gets the user's environment, which says where
/// its images are: `DOCKER_HOST`, `CONTAINER_HOST`, `CONTAINERD_ADDRESS` and what else it knows.
record RuntimeProgram(
    ImageRuntime runtime, Path program, String namespace, Map<String, String> env) {
  /// How long a runtime may think about its version: one of another machine may not be there.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  RuntimeProgram {
    env = Map.copyOf(env);
  }

  /// The first runtime that is installed and answers.
  ///
  /// @throws UserException when there is none, with what was tried
  static RuntimeProgram first(
      List<ImageRuntime> runtimes, String namespace, Map<String, String> env)
      throws IOException, InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (ImageRuntime runtime : runtimes) {
      Optional<Path> found = HostProgram.find(runtime.program, env);
      if (found.isEmpty()) {
        reasons.add(runtime.program + " is not installed");
        continue;
      }
      RuntimeProgram program = new RuntimeProgram(runtime, found.get(), namespace, env);
      Optional<String> reason = program.whyNot();
      if (reason.isEmpty()) {
        return program;
      }
      reasons.add(runtime.program + " " + reason.get());
    }
    throw new UserException(
        "there is no runtime to load into: " + String.join("; ", reasons),
        "start one of them, or use --archive FILE");
  }

  /// Why it is of no use.
  private Optional<String> whyNot() throws IOException, InterruptedException {
    HostProgram.Ended version =
        HostProgram.run(argv(runtime.version()), env, HostProgram.Input.NONE, PATIENCE);
    if (!version.success()) {
      return Optional.of("says: " + complaint(version));
    }
    boolean other = runtime == ImageRuntime.DOCKER && version.out().contains("Podman Engine");
    return other ? Optional.of("is podman by another name") : Optional.empty();
  }

  HostProgram.Ended run(List<String> words, HostProgram.Input input)
      throws IOException, InterruptedException {
    return HostProgram.run(argv(words), env, input);
  }

  private List<String> argv(List<String> words) {
    List<String> argv = new ArrayList<>();
    argv.add(program.toString());
    argv.addAll(runtime.before(namespace));
    argv.addAll(words);
    return argv;
  }

  /// What a program that failed says about it, in one line.
  static String complaint(HostProgram.Ended ended) {
    String said = ended.err().isBlank() ? ended.out() : ended.err();
    return said.lines()
        .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
        .filter(line -> !line.isEmpty())
        .reduce((_, last) -> last)
        .orElse("exit code " + ended.code());
  }
}
