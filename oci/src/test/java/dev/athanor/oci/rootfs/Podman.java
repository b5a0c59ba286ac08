package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Podman with a storage of its own. It copies whole layers, which takes its time, but goes on
/// every file system and with any number of layers; overlays allow neither.
final class Podman implements AutoCloseable {
  /// Podman refuses longer paths than some 50 characters.
  private final Path store = Files.createTempDirectory("athanor");

  Podman() throws IOException {}

  /// Where the image `t` of the layout `image` in `folder` can be seen.
  Path mount(Path folder) throws IOException {
    String id = last(podman(folder, "pull", "-q", "oci:image:t"));
    return Path.of(last(podman(folder, "image", "mount", id)));
  }

  private static String last(String lines) {
    return lines.lines().toList().getLast();
  }

  private String podman(Path folder, String... arguments) throws IOException {
    Stream<String> command =
        Stream.of(
            "podman",
            "--root",
            store.resolve("root").toString(),
            "--runroot",
            store.resolve("run").toString(),
            "--storage-driver",
            "vfs");
    return Peers.runIn(folder, Stream.concat(command, Stream.of(arguments)).toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    podman(store, "image", "umount", "--all", "--force");
    Peers.run("rm", "-rf", store.toString());
  }
}
