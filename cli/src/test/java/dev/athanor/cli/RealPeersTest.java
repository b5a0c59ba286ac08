package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The main job on real images, between a real registry and the tools that the rest of the world
/// uses: a Debian is pulled, an app of many files put on it, commands run in it, the results
/// pushed, and every tool reads and runs what came out.
final class RealPeersTest {
  @TempDir static Path temp;
  private static DockerRegistry registry;
  private static TestWorkspace workspace;
  private static CliResult published;
  private static String base;
  private static @Nullable Path bundle;

  @BeforeAll
  static void publish() throws IOException, InterruptedException {
    Peers.requireRoot();
    Peers.requireTools(
        "docker-registry",
        "debootstrap",
        "skopeo",
        "umoci",
        "runc",
        "podman",
        "buildah",
        "setcap",
        "tar");
    registry = DockerRegistry.start(temp.resolve("registry"));
    String image = DebianBase.image(temp.resolve("base"));
    base =
        Programs.shell(
                temp,
                """
                skopeo copy -q --dest-tls-verify=false '%1$s' docker://%2$s/debian/base:1
                skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://%2$s/debian/base:1
                """
                    .formatted(image, registry.host()))
            .strip();
    workspace = TestWorkspace.in(temp.resolve("athanor"));
    sources();
    published = workspace.athanor("publish", "--json", "//...").succeeds();
    workspace.athanor("build", "//...").succeeds();
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private static void sources() throws IOException {
    workspace
        .program(
            "app/run.sh",
            """
            #!/bin/sh
            echo "$GREETING, $INHERITED, $1, on Debian $(cut -d. -f1 /etc/debian_version)"
            echo "$(find /app -type f | wc -l) files in $(pwd), as $(id -u)"
            ls -d /usr/share/doc /etc/issue.net /usr/share/locale/*  2>&-
            cd /opt/odd && stat -c '%A %u:%g %h %n' *
            """)
        .write(
            "BUILD",
            """
            oci_pull_images(
                name = "debian",
                repository = "%1$s/debian/base",
                variants = {"base": "%2$s"},
            )
            files(name = "tree", sources = glob(["app/**"]))
            oci_build_image(
                name = "server",
                args = ["well"],
                base = ":debian#base",
                env = ["GREETING=Hello"],
                packages = ["app/run.sh", ":tree"],
                repository = "%1$s/team/server",
                tag = "1.0",
            )
            oci_build_image(
                name = "stepped",
                base = ":server",
                commands = [
                    "useradd --create-home --uid 1000 alice && chown -R alice /app && chmod 700 /opt/odd",
                    "rm -r /app/many/1 /opt/odd/sticky && ln /app/run.sh /again.sh && dpkg -l > /home/alice/packages",
                ],
                repository = "%1$s/team/stepped",
            )
            """
                .formatted(registry.host(), base));
    for (int i = 0; i < 500; i++) {
      workspace.write("app/many/%d/file %d.txt".formatted(i % 7, i), "content " + i + "\n");
    }
    Files.createSymbolicLink(workspace.root.resolve("app/link"), Path.of("many/3"));
  }

  private static Path layout(String name) {
    return workspace.root.resolve("athanor-out").resolve(name);
  }

  private static String digest(String label) {
    return published.digest(label);
  }

  /// A folder of its own for what a tool makes.
  private static Path folder() throws IOException {
    return Files.createDirectories(temp.resolve(UUID.randomUUID().toString()));
  }

  @Test
  void pull_andPush_keepTheBaseAsItIs() {
    BuiltImage server = BuiltImage.in(layout("server"));

    assertThat(
            published
                .target("//:server")
                .getAsJsonArray("published")
                .get(0)
                .getAsJsonObject()
                .get("digest")
                .getAsString())
        .isEqualTo(server.digest());
    assertThat(server.layers()).isEqualTo(5);
    assertThat(server.words("Env"))
        .containsExactly("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "INHERITED=yes", "GREETING=Hello")
        .inOrder();
    assertThat(workspace.athanor("publish", "//:server").succeeds().out()).contains("(was there)");
  }

  @Test
  void everything_again_runsNothing() {
    CliResult again = workspace.athanor("build", "--json", "//...").succeeds();

    assertThat(again.executed()).isEqualTo(0);
    assertThat(again.digest("//:stepped")).isEqualTo(digest("//:stepped"));
  }

  /// The base comes from the registry again, and the commands run again.
  @Test
  void everything_withAnotherCacheElsewhere_givesTheSameDigests() {
    CliResult other =
        workspace
            .athanor(
                "build", "--json", "//:stepped", "--cache-dir", temp.resolve("other").toString())
            .succeeds();

    assertThat(other.executed()).isGreaterThan(0);
    assertThat(other.digest("//:stepped")).isEqualTo(digest("//:stepped"));
  }

  @Test
  void skopeo_inspects_andCopiesFromBothSides() throws IOException {
    for (String name : List.of("server", "stepped")) {
      String tag = name.equals("server") ? "1.0" : "latest";
      String remote = "docker://%s/team/%s:%s".formatted(registry.host(), name, tag);
      String inspected =
          Programs.shell(
              temp,
              "skopeo inspect --tls-verify=false --format '{{.Digest}} {{.Architecture}}' "
                  + remote);
      Path to = folder();

      Programs.shell(
          to,
          """
          skopeo copy -q --src-tls-verify=false %s oci:remote:x
          skopeo copy -q oci:%s:%s oci:local:x
          """
              .formatted(remote, layout(name), tag));

      assertThat(inspected).isEqualTo(digest("//:" + name) + " amd64\n");
      assertThat(BuiltImage.in(to.resolve("remote")).digest()).isEqualTo(digest("//:" + name));
      assertThat(BuiltImage.in(to.resolve("local")).digest()).isEqualTo(digest("//:" + name));
    }
  }

  private static Path unpack(String name, String tag, String setUp) throws IOException {
    Path bundle = folder().resolve("bundle");
    Programs.shell(
        temp, setUp + "\numoci unpack --image %s:%s %s".formatted(layout(name), tag, bundle));
    return bundle;
  }

  /// The server, unpacked.
  private static Path bundle() throws IOException {
    if (bundle == null) {
      bundle = unpack("server", "1.0", "umask 022");
    }
    return bundle;
  }

  @Test
  void umoci_unpacks_whatWasMeant() throws IOException {
    Path bundle = unpack("stepped", "latest", "");

    assertThat(
            Programs.shell(
                bundle.resolve("rootfs"),
                """
                ls -d usr/share/doc etc/issue.net opt/odd/sticky app/many/1 2>&- || true
                ls usr/share/locale
                cat 'app/many/2/file 499.txt' app/link/file\\ 3.txt
                stat -c '%a %u:%g %h %Y %n' app/run.sh again.sh app/many home/alice
                stat -c '%a %u:%g %F %n' opt/odd/* opt/odd
                getcap opt/odd/capable
                grep -q '^ii  *dpkg ' home/alice/packages
                """))
        .isEqualTo(
            """
            only
            content 499
            content 3
            755 1000:0 2 0 app/run.sh
            755 1000:0 2 0 again.sh
            755 1000:0 8 0 app/many
            755 1000:1000 2 0 home/alice
            644 0:0 regular empty file opt/odd/capable
            644 0:0 regular file opt/odd/hard
            644 0:0 character special file opt/odd/null
            644 0:0 fifo opt/odd/pipe
            777 0:0 symbolic link opt/odd/soft
            4751 1234:5678 regular file opt/odd/suid
            644 0:0 regular file opt/odd/with blank
            700 0:0 directory opt/odd
            opt/odd/capable cap_net_raw=ep
            """);
  }

  /// Every directory that a layer of ours needs is in it: nothing is left to the unpacker's clock
  /// and umask.
  @Test
  void umoci_unpacks_theSameUnderAnyUmask() throws IOException, InterruptedException {
    String list = "find app -printf '%m %U:%G %T@ %s %l %p\\n' | grep -v '^d .* app$' | sort";
    String first = Programs.shell(bundle().resolve("rootfs"), list);
    Thread.sleep(1100);

    String second = Programs.shell(unpack("server", "1.0", "umask 077").resolve("rootfs"), list);

    assertThat(second).isEqualTo(first);
    assertThat(first.lines().count()).isEqualTo(582);
  }

  @Test
  void runc_printsTheSameAsAthanor() throws IOException {
    Path bundle = bundle();
    withoutTerminal(bundle.resolve("config.json"));
    String runc =
        Programs.shell(
            bundle,
            "runc --root %s run --bundle %s test-%s"
                .formatted(folder(), bundle, UUID.randomUUID()));

    CliResult athanor = workspace.process("", "run", "//:server").succeeds();

    assertThat(athanor.out()).isEqualTo(runc);
    assertThat(runc).startsWith("Hello, yes, well, on Debian ");
    assertThat(runc)
        .contains(
            """
            572 files in /, as 0
            /usr/share/locale/only
            """);
    assertThat(runc).contains("-rwsr-x--x 1234:5678 1 suid\n");
    assertThat(runc).contains("-rw-r--r-- 0:0 2 with blank\n");
    assertThat(workspace.process("", "run", "//:server", "--", "better").succeeds().out())
        .isEqualTo(runc.replace("well", "better"));
  }

  /// runc can give a container a terminal only where it has one itself.
  private static void withoutTerminal(Path config) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(config)).getAsJsonObject();
    json.getAsJsonObject("process").addProperty("terminal", false);
    Files.writeString(config, json.toString());
  }

  @Test
  void podman_andBuildah_pull() throws IOException {
    // Podman refuses longer paths than some 50 characters.
    Path store = Files.createTempDirectory("athanor");
    for (String tool : List.of("podman", "buildah")) {
      String pull = "pull -q --tls-verify=false %s/team/server:1.0".formatted(registry.host());
      // Overlays cannot lie on every file system; copies can, and take long.
      String id =
          Programs.shell(
              store,
              """
              cd %1$s
              %2$s --root o --runroot r --storage-driver overlay %3$s ||
                %2$s --root v --runroot w --storage-driver vfs %3$s
              """
                  .formatted(Files.createDirectory(store.resolve(tool)), tool, pull));

      String config =
          BuiltImage.in(layout("server"))
              .manifest()
              .getAsJsonObject("config")
              .get("digest")
              .getAsString();
      assertThat("sha256:" + id.strip()).isEqualTo(config);
    }
    Programs.shell(temp, "umount %1$s/*/o/overlay 2>&- || true; rm -rf %1$s".formatted(store));
  }

  /// Damage in the registry's own files is found, whichever blob it is.
  @Test
  void damagedBlob_isNeverTaken() throws IOException {
    JsonObject manifest =
        JsonParser.parseString(Files.readString(registry.blob(base))).getAsJsonObject();
    TreeSet<String> blobs = new TreeSet<>(List.of(base));
    blobs.add(manifest.getAsJsonObject("config").get("digest").getAsString());
    manifest
        .getAsJsonArray("layers")
        .asList()
        .subList(2, 4)
        .forEach(layer -> blobs.add(layer.getAsJsonObject().get("digest").getAsString()));

    for (String blob : blobs) {
      byte[] good = Files.readAllBytes(registry.blob(blob));
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      for (byte[] served : List.of(bad, Arrays.copyOf(good, good.length - 1))) {
        TestWorkspace fresh = TestWorkspace.in(folder());
        fresh.write("BUILD", workspace.read("BUILD").replaceFirst("(?s)files\\(.*", ""));
        Files.write(registry.blob(blob), served);
        try {
          CliResult result = fresh.athanor("build", "//:debian#base").fails(ExitCode.BUILD_FAILED);

          result.says("FAILED fetch //:debian#base: cannot pull", registry.host() + "/debian/base");
          assertThat(result.err()).contains(blob.replace("sha256:", ""));
          fresh.isClean();
        } finally {
          Files.write(registry.blob(blob), good);
        }
      }
    }
  }

  @Test
  void login_isFoundWhereDockerKeepsIt() throws IOException, InterruptedException {
    Peers.requireTools("htpasswd");
    String line = Programs.shell(temp, "htpasswd -nbB bob secret");
    try (DockerRegistry closed = DockerRegistry.withLogin(folder(), line)) {
      TestWorkspace own = TestWorkspace.in(folder());
      own.write(
          "BUILD",
          "oci_build_image(name = 'a', base = 'scratch', repository = '%s/team/a')"
              .formatted(closed.host()));

      own.athanor("publish", "//:a")
          .fails(ExitCode.BUILD_FAILED)
          .says("FAILED push //:a: cannot ", "401 Unauthorized", "docker login " + closed.host());

      own.write(
          "docker/config.json",
          "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
              .formatted(
                  closed.host(),
                  Base64.getEncoder()
                      .encodeToString("bob:secret".getBytes(StandardCharsets.UTF_8))));
      own.env("DOCKER_CONFIG", own.root.resolve("docker").toString());
      own.athanor("publish", "//:a").succeeds();

      assertThat(
              Programs.shell(
                  temp,
                  "skopeo inspect --tls-verify=false --creds bob:secret --format '{{.Digest}}' docker://%s/team/a"
                      .formatted(closed.host())))
          .isEqualTo(own.image("//:a").digest() + "\n");
    }
  }
}
