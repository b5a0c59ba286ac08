package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images on disk as bundles, and layers of what was changed in them.
final class ImageBundleTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private Path bundle;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("a", "a\n")
            .write("b", "b\n")
            .write("c", "c\n")
            .write(
                "BUILD",
                """
                oci_build_image(
                    name = "image",
                    base = "scratch",
                    files = {"a": "/dir/a", "b": "/dir/b", "c": "/data/c"},
                    symlinks = {"/link": "dir"},
                    owners = {"/dir/b": "5:6"},
                    modes = {"/dir/b": "4755"},
                    mtimes = {"/dir/a": "1000"},
                    entrypoint = ["/bin/server", "-v"],
                    args = ["serve"],
                    env = ["A=1", "PATH=/opt/bin"],
                    workdir = "/dir",
                    user = "5:6",
                    labels = {"team": "us", "org.opencontainers.image.author": "the label"},
                    author = "the field",
                    created = "2024-01-01T00:00:00Z",
                    ports = ["80/tcp", "53/udp"],
                    volumes = ["/data"],
                    stop_signal = "SIGINT",
                )
                """);
    bundle = temp.resolve("bundle");
  }

  private void unpack() {
    workspace.athanor("image", "unpack", "//:image", bundle.toString()).succeeds();
  }

  private JsonObject config(Path directory) throws IOException {
    return JsonParser.parseString(Files.readString(directory.resolve("config.json")))
        .getAsJsonObject();
  }

  @Test
  void unpack_writesRootFilesystemAndConfig() throws IOException {
    Peers.requireRoot();
    unpack();

    Path rootfs = bundle.resolve("rootfs");
    assertThat(Files.readString(rootfs.resolve("dir/a"))).isEqualTo("a\n");
    assertThat(Files.getLastModifiedTime(rootfs.resolve("dir/a")).toMillis()).isEqualTo(1_000_000);
    assertThat(Files.getAttribute(rootfs.resolve("dir/b"), "unix:uid")).isEqualTo(5);
    assertThat((Integer) Files.getAttribute(rootfs.resolve("dir/b"), "unix:mode") & 07777)
        .isEqualTo(04755);
    assertThat(Files.readSymbolicLink(rootfs.resolve("link")).toString()).isEqualTo("dir");
    JsonObject config = config(bundle);
    JsonObject process = config.getAsJsonObject("process");
    assertThat(process.get("args").toString()).isEqualTo("[\"/bin/server\",\"-v\",\"serve\"]");
    assertThat(process.get("cwd").getAsString()).isEqualTo("/dir");
    assertThat(process.get("user").toString()).isEqualTo("{\"uid\":5,\"gid\":6}");
    assertThat(words(process, "env"))
        .containsExactly("A=1", "HOME=/", "PATH=/opt/bin", "TERM=xterm");
    assertThat(config.get("annotations"))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"org.opencontainers.image.architecture": "amd64",
                 "org.opencontainers.image.author": "the label",
                 "org.opencontainers.image.created": "2024-01-01T00:00:00Z",
                 "org.opencontainers.image.exposedPorts": "53/udp,80/tcp",
                 "org.opencontainers.image.os": "linux",
                 "org.opencontainers.image.stopSignal": "SIGINT",
                 "team": "us"}
                """));
  }

  private static List<String> words(JsonObject json, String name) {
    return json.getAsJsonArray(name).asList().stream().map(JsonElement::getAsString).toList();
  }

  /// Where umoci and we agree, and where we mean to differ.
  @Test
  void config_isThatOfUmoci() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("umoci");
    unpack();
    workspace.athanor("build", "//:image").succeeds();
    Peers.runIn(temp, "umoci", "unpack", "--image", "workspace/athanor-out/image:latest", "theirs");

    JsonObject ours = config(bundle);
    JsonObject theirs = config(temp.resolve("theirs"));

    for (String same : List.of("args", "cwd", "user", "terminal", "noNewPrivileges")) {
      assertThat(ours.getAsJsonObject("process").get(same))
          .isEqualTo(theirs.getAsJsonObject("process").get(same));
    }
    assertThat(words(ours.getAsJsonObject("process"), "env"))
        .containsAtLeastElementsIn(
            words(theirs.getAsJsonObject("process"), "env").stream()
                // Umoci sets PATH, and once more to what the image says.
                .filter(entry -> !entry.startsWith("PATH=/usr"))
                .toList());
    assertThat(destinations(ours)).containsAtLeastElementsIn(withoutCgroup(destinations(theirs)));
    JsonObject annotations = theirs.getAsJsonObject("annotations");
    // It let fields win over labels until 0.6.
    annotations.addProperty("org.opencontainers.image.author", "the label");
    assertThat(ours.get("annotations")).isEqualTo(annotations);
  }

  private static List<String> destinations(JsonObject config) {
    List<String> destinations = new ArrayList<>();
    for (JsonElement mount : config.getAsJsonArray("mounts")) {
      destinations.add(mount.getAsJsonObject().get("destination").getAsString());
    }
    return destinations;
  }

  /// A container of ours sees no control groups.
  private static List<String> withoutCgroup(List<String> destinations) {
    return destinations.stream().filter(it -> !it.startsWith("/sys/fs/cgroup")).toList();
  }

  @Test
  void unpack_rootfsAlone_andNothingOverSomething() throws IOException {
    workspace.athanor("image", "unpack", "--rootfs", "//:image", bundle.toString()).succeeds();

    assertThat(Files.readString(bundle.resolve("dir/a"))).isEqualTo("a\n");
    assertThat(Files.exists(bundle.resolve("config.json"))).isFalse();
    workspace
        .athanor("image", "unpack", "//:image", bundle.toString())
        .fails(ExitCode.BAD_INPUT)
        .says(bundle + " is not empty");
    assertThat(Files.exists(bundle.resolve("dir/a"))).isTrue();
  }

  private List<String> repacked(String... environment) throws IOException {
    for (int i = 0; i < environment.length; i += 2) {
      workspace.env(environment[i], environment[i + 1]);
    }
    Path layer = temp.resolve("layer.tar");
    workspace.athanor("image", "repack", bundle.toString(), layer.toString()).succeeds();
    return Peers.run("tar", "--numeric-owner", "--utc", "-tvf", layer.toString())
        .lines()
        .map(line -> line.replaceAll(" +", " "))
        .toList();
  }

  @Test
  void repack_holdsWhatWasChanged() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("tar", "sh");
    unpack();
    Peers.runIn(
        bundle.resolve("rootfs"),
        "sh",
        "-ec",
        """
        rm link; echo new > dir/new; ln dir/new dir/other; chmod 600 dir/b; echo volume > data/x
        touch -d @2000 dir dir/new
        """);

    assertThat(repacked())
        .containsExactly(
            "---------- 0/0 0 1970-01-01 00:00 .wh.link",
            "drwxr-xr-x 0/0 0 1970-01-01 00:33 dir/",
            "-rw------- 5/6 2 1970-01-01 00:00 dir/b",
            "-rw-r--r-- 0/0 4 1970-01-01 00:33 dir/new",
            "hrw-r--r-- 0/0 0 1970-01-01 00:33 dir/other link to dir/new")
        .inOrder();
  }

  @Test
  void repack_seesAChangeThatKeepsSizeAndTime() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("tar", "sh");
    unpack();
    Peers.runIn(
        bundle.resolve("rootfs"),
        "sh",
        "-ec",
        "printf 'A\\n' > dir/a; touch -d @1000 dir/a; touch -d @0 dir");

    assertThat(repacked())
        .containsExactly(
            "drwxr-xr-x 0/0 0 1970-01-01 00:00 dir/", "-rw-r--r-- 0/0 2 1970-01-01 00:16 dir/a");
  }

  @Test
  void repack_sourceDateEpoch_boundsTimes() throws IOException {
    Peers.requireTools("tar");
    unpack();
    Files.writeString(bundle.resolve("rootfs/new"), "x");

    assertThat(repacked("SOURCE_DATE_EPOCH", "3600").getLast()).contains("1970-01-01 01:00 new");
    workspace.env("SOURCE_DATE_EPOCH", "now");
    workspace
        .athanor("image", "repack", bundle.toString(), temp.resolve("l.tar").toString())
        .fails(ExitCode.BAD_INPUT)
        .says("SOURCE_DATE_EPOCH is 'now'");
  }

  @Test
  void repack_ofNothing_writesNothing() {
    unpack();

    workspace
        .athanor("image", "repack", bundle.toString(), temp.resolve("layer.tar.gz").toString())
        .succeeds()
        .says("nothing was changed");
    assertThat(Files.exists(temp.resolve("layer.tar.gz"))).isFalse();
  }

  @Test
  void repack_ofWhatIsNoBundle_orCannotBeALayer_isAnError() throws IOException {
    unpack();
    workspace
        .athanor("image", "repack", temp.toString(), temp.resolve("l.tar").toString())
        .fails(ExitCode.BAD_INPUT)
        .says(temp + " is no bundle that athanor unpacked");

    Files.writeString(bundle.resolve("rootfs/.wh.x"), "x");
    workspace
        .athanor("image", "repack", bundle.toString(), temp.resolve("l.tar").toString())
        .fails(ExitCode.BAD_INPUT)
        .says("/.wh.x: no layer can hold a name that starts with .wh.");
  }

  @Test
  void layer_onTopOfTheImage_isTheChangedTree() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("sh");
    unpack();
    Peers.runIn(bundle.resolve("rootfs"), "sh", "-ec", "rm dir/a; echo x > dir/x; chown 7 dir/x");
    workspace
        .athanor("image", "repack", bundle.toString(), workspace.root + "/layer.tar.zst")
        .succeeds();
    workspace.edit(
        "BUILD",
        "oci_build_image(\n    name = \"image\"",
        "oci_build_image(name = \"top\", base = \":image\", tars = [\"layer.tar.zst\"])\n"
            + "oci_build_image(\n    name = \"image\"");

    String changes = workspace.athanor("image", "diff", "//:image", "//:top").succeeds().out();

    assertThat(changes.lines().map(line -> line.replaceAll(" +", " ")).toList())
        .containsAtLeast("- /dir/a", "+ /dir/x");
  }
}
