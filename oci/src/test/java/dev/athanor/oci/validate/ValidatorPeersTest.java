package dev.athanor.oci.validate;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What other tools write is sound, whatever their compression.
@Tag("peers")
final class ValidatorPeersTest {
  /// A little of everything that a layer can have.
  private static final String FILES =
      """
      mkdir -p d/e; echo text > d/f; ln d/f d/hard; ln -s ../d/f d/e/soft; mkfifo d/fifo; \
      touch "d/ä $(printf 'n%.0s' $(seq 120))"; touch -d @1.5 d/time; : > d/empty; chmod 4755 d/f
      """;

  @TempDir Path temporary;

  @BeforeEach
  void setUp() {
    Peers.requireRoot();
  }

  @Test
  void umoci_init_new_andRepack() throws IOException {
    Peers.requireTools("umoci");
    umociImage();

    assertThat(findings("image")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void skopeo_copy(String compression) throws IOException {
    Peers.requireTools("umoci", "skopeo");
    umociImage();

    run("skopeo", "copy", "--dest-compress-format", compression, "oci:image:t", "oci:copy:v1");

    assertThat(findings("copy")).isEmpty();
  }

  @Test
  void buildah_commit_ofTwoLayers() throws IOException {
    Peers.requireTools("buildah", "skopeo");
    Path context = Files.createDirectories(temporary.resolve("context"));
    Peers.runIn(context, "sh", "-ec", FILES);
    Files.writeString(
        context.resolve("Containerfile"),
        """
        FROM scratch
        ENV A=b
        LABEL org.opencontainers.image.title=sample
        EXPOSE 8080/tcp
        VOLUME /data
        COPY d /one
        COPY d /two
        CMD ["/one/f"]
        """);

    run(buildah("bud", "--layers", "-q", "-t", "localhost/sample", "context"));
    run(buildah("push", "-q", "localhost/sample", "oci:image:t"));
    assertThat(findings("image")).isEmpty();

    run(buildah("push", "-q", "--format", "v2s2", "localhost/sample", "dir:docker"));
    run("skopeo", "copy", "dir:docker", "oci:copy:t");
    assertThat(findings("copy")).isEmpty();
  }

  @Test
  void podman_saveOfAnImportedTar() throws IOException {
    Peers.requireTools("podman", "tar");
    Path files = Files.createDirectories(temporary.resolve("files"));
    Peers.runIn(files, "sh", "-ec", FILES);
    run("tar", "-cf", "files.tar", "-C", "files", ".");

    run(podman("import", "-q", "files.tar", "localhost/sample"));
    run(podman("save", "-q", "--format", "oci-dir", "-o", "image", "localhost/sample"));

    assertThat(findings("image")).isEmpty();
  }

  private void umociImage() throws IOException {
    run("umoci", "init", "--layout", "image");
    run("umoci", "new", "--image", "image:t");
    run("umoci", "unpack", "--image", "image:t", "bundle");
    Peers.runIn(temporary.resolve("bundle/rootfs"), "sh", "-ec", FILES);
    run("umoci", "repack", "--refresh-bundle", "--image", "image:t", "bundle");
    Peers.runIn(temporary.resolve("bundle/rootfs"), "sh", "-ec", "rm d/f; rm -r d/e; echo x > g");
    run("umoci", "repack", "--image", "image:t", "bundle");
    run("umoci", "config", "--image", "image:t", "--config.env", "A=b", "--config.label", "c=d");
    run("umoci", "gc", "--layout", "image");
  }

  private void run(String... command) throws IOException {
    Peers.runIn(temporary, command);
  }

  private String[] buildah(String... arguments) {
    return stored("buildah", arguments);
  }

  private String[] podman(String... arguments) {
    return stored("podman", arguments);
  }

  /// A command with storage of its own.
  private String[] stored(String tool, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                tool,
                "--root",
                temporary.resolve("storage").toString(),
                "--runroot",
                temporary.resolve("run").toString(),
                "--storage-driver",
                "vfs"));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private List<Finding> findings(String layout) throws IOException {
    return LayoutValidator.validate(temporary.resolve(layout), false);
  }
}
