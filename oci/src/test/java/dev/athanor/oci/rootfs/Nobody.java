package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Peers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs programs as the user who may do nothing: as `nobody`.
final class Nobody {
  private final Path folder;

  /// @param folder becomes readable to all
  Nobody(Path folder) throws IOException {
    Peers.requireRoot();
    Peers.requireTools("setpriv", "cp", "chmod", "chown");
    this.folder = folder;
    Peers.run("chmod", "755", folder.toString());
  }

  /// A directory for what the user makes.
  Path home() throws IOException {
    Path home = folder.resolve("home");
    if (Files.notExists(home)) {
      Peers.run("chown", "65534:65534", Files.createDirectory(home).toString());
    }
    return home;
  }

  /// Runs `command` in the home, and returns what it prints.
  String run(String... command) throws IOException {
    Stream<String> setpriv =
        Stream.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    return Peers.runIn(home(), Stream.concat(setpriv, Stream.of(command)).toArray(String[]::new));
  }

  /// Runs the `main` of a class of the tests.
  String java(Class<?> main, String... arguments) throws IOException {
    Stream<String> java =
        Stream.of(
            System.getProperty("java.home") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-Djava.io.tmpdir=" + home(),
            "-cp",
            readableClassPath(),
            main.getName());
    return run(Stream.concat(java, Stream.of(arguments)).toArray(String[]::new));
  }

  /// Copies of what the other process needs, since its user may not see our home.
  private String readableClassPath() throws IOException {
    List<String> copies = new ArrayList<>();
    Path classes = Files.createDirectory(folder.resolve("classes"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if ((!entry.isEmpty() && Files.isDirectory(path))
          || entry.contains("athanor-")
          || entry.contains("zstd")
          || entry.contains("aircompressor")) {
        Path copy = classes.resolve("" + copies.size());
        Peers.run("cp", "-rL", entry, copy.toString());
        copies.add(copy.toString());
      }
    }
    Peers.run("chmod", "-R", "a+rX", classes.toString());
    return String.join(File.pathSeparator, copies);
  }
}
