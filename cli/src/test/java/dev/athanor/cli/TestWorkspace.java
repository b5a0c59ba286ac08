package dev.athanor.cli;

import com.google.gson.JsonObject;
import dev.athanor.engine.digest.Digester;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A workspace in a temporary folder with a cache of its own, and the command line to use in it:
/// tests read like a session at a shell.
///
/// Commands run in this process, with nothing of this process's environment. Where that matters -
/// what `run` prints, umask, locale - [#process] starts another one.
final class TestWorkspace {
  /// The repository's root.
  static final Path CHECKOUT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

  final Path root;
  final Path cache;
  private final Map<String, String> env = new TreeMap<>();

  private TestWorkspace(Path root, Path cache) {
    this.root = root;
    this.cache = cache;
    env.put("HOME", "/nonexistent");
    env.put("ATHANOR_CACHE_DIR", cache.toString());
  }

  /// An empty workspace below `folder`.
  static TestWorkspace in(Path folder) {
    TestWorkspace workspace =
        new TestWorkspace(folder.resolve("workspace"), folder.resolve("cache"));
    workspace.write("WORKSPACE", "");
    return workspace;
  }

  /// A copy of `examples/name` below `folder`.
  static TestWorkspace ofExample(String name, Path folder) {
    return ofExample(name, folder, folder.resolve("cache"));
  }

  /// A copy of `examples/name` below `folder`, with a cache that others may have, too.
  static TestWorkspace ofExample(String name, Path folder, Path cache) {
    TestWorkspace workspace = new TestWorkspace(folder.resolve("workspace"), cache);
    Path example = CHECKOUT.resolve("examples").resolve(name);
    try (Stream<Path> files = Files.walk(example)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path below = example.relativize(file);
        if (!below.startsWith("athanor-out")) {
          Files.createDirectories(workspace.root.resolve(below).getParent());
          Files.copy(file, workspace.root.resolve(below));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return workspace;
  }

  TestWorkspace env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /// Writes a file of the workspace, replacing what was there.
  TestWorkspace write(String file, String text) {
    try {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Writes a file that may be executed.
  TestWorkspace program(String file, String text) {
    write(file, text);
    try {
      Files.setPosixFilePermissions(
          root.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  String read(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces a text that a file must hold.
  TestWorkspace edit(String file, String from, String to) {
    String before = read(file);
    if (!before.contains(from)) {
      throw new AssertionError(file + " does not hold '" + from + "':\n" + before);
    }
    return write(file, before.replace(from, to));
  }

  /// Builds an image and reads what was built.
  BuiltImage image(String label) {
    JsonObject built = athanor("build", "--json", label).succeeds().json();
    JsonObject target = built.getAsJsonArray("targets").get(0).getAsJsonObject();
    BuiltImage image =
        BuiltImage.in(Path.of(target.getAsJsonArray("outputs").get(0).getAsString()));
    if (!image.digest().equals(target.getAsJsonObject("image").get("digest").getAsString())) {
      throw new AssertionError("the layout holds " + image.digest() + ", not " + target);
    }
    return image;
  }

  /// Runs a command in this process, at the root of the workspace.
  CliResult athanor(String... words) {
    return athanorIn("", words);
  }

  /// Runs a command in this process, in a folder of the workspace.
  CliResult athanorIn(String folder, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            80,
            env,
            root.resolve(folder));
    int code = new Main(terminal).run(List.of(words));
    return new CliResult(
        List.of(words),
        code,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  /// Runs a line of shell that finds `athanor`, in a folder of the workspace.
  CliResult shell(String folder, String line) {
    return Programs.run(root.resolve(folder), environmentOfShell(), List.of("/bin/sh", "-c", line));
  }

  /// Starts a line of shell that finds `athanor`; nobody hears its errors.
  Process startShell(String folder, String line) throws IOException {
    List<String> command = List.of("/bin/sh", "-c", line);
    return Programs.prepare(root.resolve(folder), environmentOfShell(), command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private Map<String, String> environmentOfShell() {
    Path bin = root.resolveSibling("bin");
    String words =
        java().stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    try {
      Files.createDirectories(bin);
      Path program =
          Files.writeString(bin.resolve("athanor"), "#!/bin/sh\nexec " + words + " \"$@\"\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> all = new TreeMap<>(env);
    all.put("PATH", bin + ":" + System.getenv("PATH") + ":/usr/sbin:/sbin");
    return all;
  }

  /// Runs a command in another JVM, in surroundings that a line of shell makes, such as `umask
  /// 077`.
  CliResult process(String setUp, String... words) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", setUp + "\nexec \"$@\"", "sh"));
    command.addAll(java(words));
    return Programs.run(root, env, command);
  }

  /// Runs a command in another JVM, which lets nobody call the system.
  CliResult withoutNativeAccess(String... words) {
    List<String> command = java(words);
    command.replaceAll(
        word -> word.startsWith("--enable-native-access") ? "--illegal-native-access=deny" : word);
    return Programs.run(root, env, command);
  }

  /// Runs a command in another JVM that has a terminal, which shows what is printed.
  CliResult onTerminal(String... words) {
    String command =
        java(words).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return Programs.run(root, env, List.of("script", "-qec", command, "/dev/null"));
  }

  /// Starts a command in another JVM whose standard output, with its errors, is the process's.
  Process talking(String... words) throws IOException {
    return Programs.prepare(root, env, java(words)).redirectErrorStream(true).start();
  }

  /// Starts a command in another JVM whose results are the process's output; nobody hears the rest.
  Process telling(String... words) throws IOException {
    return Programs.prepare(root, env, java(words))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Starts a command in another JVM that is left to itself.
  Process start(String... words) throws IOException {
    return Programs.prepare(root, env, java(words))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// The words that start this program in another JVM.
  static List<String> java(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Programs.CLASS_PATH,
                "dev.athanor.cli.Main"));
    command.addAll(Arrays.asList(words));
    return command;
  }

  /// Holds that a failed command left nothing behind: no outputs, no temporary files, and no blob
  /// that is not what its name says.
  TestWorkspace isClean() {
    if (!files(root.resolve("athanor-out")).isEmpty()) {
      throw new AssertionError("left behind: " + files(root.resolve("athanor-out")));
    }
    List<String> left = new ArrayList<>(files(cache.resolve("tmp")));
    for (String scratch : List.of("actions", "steps", "run")) {
      left.addAll(files(cache.resolve("sandbox").resolve(scratch)));
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + left);
    }
    for (String blob : files(cache.resolve("cas"))) {
      try {
        String hex = Digester.digest(Files.readAllBytes(cache.resolve("cas").resolve(blob))).hex();
        if (!blob.endsWith("/" + hex)) {
          throw new AssertionError("cas/" + blob + " has the digest " + hex);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this;
  }

  /// Every file below a folder, with its mode and its bytes.
  static Map<String, String> contents(Path folder) {
    Map<String, String> contents = new TreeMap<>();
    for (String file : files(folder)) {
      Path path = folder.resolve(file);
      try {
        contents.put(
            file,
            Files.isSymbolicLink(path)
                ? "-> " + Files.readSymbolicLink(path)
                : PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    + " "
                    + Digester.digest(Files.readAllBytes(path)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return contents;
  }

  /// Every file below a folder.
  static List<String> files(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
