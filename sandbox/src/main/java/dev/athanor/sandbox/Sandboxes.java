package dev.athanor.sandbox;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The sandboxes there are, best first, and the choice among them.
public final class Sandboxes {
  static final List<String> NAMES = List.of("namespaces", "bwrap", "unshare", "plain");

  private Sandboxes() {}

  /// @param rejected better ones, each with the reason why it does not work here
  public record Choice(Sandbox sandbox, List<String> rejected) {
    public Choice {
      rejected = List.copyOf(rejected);
    }
  }

  /// The best sandbox that works, found by trying; or the one that `flag` names.
  ///
  /// @param flag `auto` or the name of a sandbox
  /// @param state a folder for the sandbox's own use
  /// @throws UserException when there is no such sandbox, or the named one does not work here
  public static Choice choose(String flag, Path state) throws IOException, InterruptedException {
    if (!flag.equals("auto") && !NAMES.contains(flag)) {
      throw new UserException(
          "there is no sandbox '" + flag + "'", "choose one of auto, " + String.join(", ", NAMES));
    }
    List<String> rejected = new ArrayList<>();
    for (String name : flag.equals("auto") ? NAMES : List.of(flag)) {
      try {
        return new Choice(tried(name, state), rejected);
      } catch (IOException e) {
        rejected.add(
            name + ": " + String.join(", ", String.valueOf(e.getMessage()).lines().toList()));
      }
    }
    throw new UserException(
        "no sandbox works here: " + String.join("; ", rejected), "see 'athanor doctor'");
  }

  private static Sandbox tried(String name, Path state) throws IOException, InterruptedException {
    Sandbox sandbox = open(name, state);
    try {
      probe(sandbox, state);
      return sandbox;
    } catch (IOException | InterruptedException e) {
      sandbox.close();
      throw e;
    }
  }

  private static Sandbox open(String name, Path state) throws IOException {
    Host host = Host.of(Files.createDirectories(state.resolve("stage")));
    Launcher launcher = Launcher.create(host.arch());
    PlainSandbox plain = new PlainSandbox(host, launcher);
    return switch (name) {
      case "namespaces" -> NamespaceSandbox.create(host, launcher);
      case "bwrap" -> new BwrapSandbox(host, plain, state.toRealPath());
      case "unshare" -> new UnshareSandbox(host, plain, state.toRealPath());
      default -> plain;
    };
  }

  private static void probe(Sandbox sandbox, Path state) throws IOException, InterruptedException {
    Path output = Files.createTempFile(Files.createDirectories(state), "probe", null);
    try {
      Exit exit = sandbox.run(probe(output));
      if (!exit.success()) {
        throw new IOException(exit.summary() + " " + Files.readString(output).strip());
      }
    } finally {
      Files.delete(output);
    }
  }

  /// A program that every host has.
  static Spawn probe(Path output) {
    List<Path> visible =
        List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"));
    return new Spawn(
        List.of("/bin/sh", "-c", "exit 0"),
        new TreeMap<>(),
        "/tmp",
        new Spawn.Root.Host(visible),
        List.of(),
        new Spawn.User(1000, 1000, List.of()),
        "probe",
        false,
        Spawn.Limits.NONE,
        new Spawn.Stdio.Files(output, output));
  }
}
