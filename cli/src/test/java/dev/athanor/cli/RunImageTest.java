package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.athanor.oci.layer.Peers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the process in a container sees, whoever makes the container.
final class RunImageTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    Peers.requireTools("busybox");
    workspace = TestWorkspace.in(temp);
    workspace
        .write("passwd", "root:x:0:0::/root:/bin/sh\nweb:x:33:34::/home/web:/bin/sh\n")
        .write("group", "root:x:0:\nweb:x:34:\nextra:x:77:web\n")
        .write(
            "BUILD",
            """
            genrule(name = "b", outs = ["busybox"], cmd = "cp $$(command -v busybox) $@", executable = True)
            oci_build_image(
                name = "image",
                base = "scratch",
                files = {":b": "/bin/busybox", "passwd": "/etc/", "group": "/etc/"},
                symlinks = {"/bin/" + name: "busybox" for name in ["sh", "cat", "id", "ls", "echo", "sleep", "env"]},
                directories = ["/data", "/work", "/home/web"],
                owners = {"/data": "33:34"},
                entrypoint = ["/bin/sh", "-c"],
                args = ["echo by default"],
                env = ["WORD=hello"],
                workdir = "/work",
                volumes = ["/data"],
            )
            """);
  }

  private static void require(String runtime) {
    if (runtime.equals("sandbox") || runtime.equals("auto")) {
      return;
    }
    Peers.requireTools(runtime, "unshare", "mount");
    if (runtime.equals("crun")) {
      assumeFalse(
          Files.exists(Path.of("/sys/fs/cgroup/unified")),
          "crun refuses hosts with both versions of control groups");
    }
  }

  private CliResult run(String runtime, List<String> flags, String... args) {
    require(runtime);
    List<String> words = new ArrayList<>(List.of("run", "--runtime=" + runtime));
    words.addAll(flags);
    words.add("//:image");
    if (args.length > 0) {
      words.add("--");
      words.addAll(List.of(args));
    }
    return workspace.process("", words.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "sandbox", "auto"})
  void config_isHonoured(String runtime) {
    assertThat(run(runtime, List.of()).succeeds().out()).isEqualTo("by default\n");

    CliResult said =
        run(
            runtime,
            List.of(),
            "echo $WORD; echo $PWD; id -u; echo $HOME; echo x > /data/x && cat /data/x; exit 7");

    assertThat(said.out()).isEqualTo("hello\n/work\n0\n/root\nx\n");
    assertThat(said.code()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "sandbox"})
  void container_seesNothingOfTheHost_andLeavesNothing(String runtime) {
    String script =
        "ls /; ls -A /work; echo left > /work/left; cat /proc/net/dev; echo [$ATHANOR_CACHE_DIR]";

    CliResult first = run(runtime, List.of(), script).succeeds();

    assertThat(first.out().lines().toList())
        .containsAtLeast("bin", "data", "dev", "etc", "home", "proc", "sys", "work", "[]");
    assertThat(first.out()).doesNotContain("usr");
    assertThat(
            first
                .out()
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.strip().replaceFirst(":.*", ""))
                .toList())
        .isIn(List.of(List.of(), List.of("lo")));
    assertThat(run(runtime, List.of(), script).succeeds().out()).doesNotContain("left");
    assertThat(TestWorkspace.files(workspace.cache.resolve("sandbox/run"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "sandbox"})
  void flags_changeWhatTheImageSays(String runtime) throws IOException {
    Peers.requireRoot();
    Files.createDirectory(temp.resolve("host"));
    Files.writeString(temp.resolve("host/in"), "from the host\n");
    Files.writeString(temp.resolve("file"), "one file\n");

    CliResult said =
        run(
            runtime,
            List.of(
                "--user=web",
                "--env=WORD=bye",
                "--env=MORE=1",
                "--workdir=/home/web",
                "--volume=" + temp.resolve("host") + ":/mnt/host",
                "--volume=" + temp.resolve("file") + ":/mnt/file:ro"),
            "id; echo $WORD $MORE $PWD $HOME; cat /mnt/host/in /mnt/file; (echo x > /mnt/file) 2>&1");

    assertThat(said.out())
        .startsWith(
            """
            uid=33(web) gid=34(web) groups=77(extra)
            bye 1 /home/web /home/web
            from the host
            one file
            """);
    assertThat(said.out()).contains("/mnt/file: Read-only file system");
    assertThat(run(runtime, List.of("--entrypoint=/bin/echo"), "a", "b").succeeds().out())
        .isEqualTo("a b\n");
    assertThat(
            run(
                    runtime,
                    List.of("--volume=" + temp.resolve("host") + ":/mnt/host"),
                    "echo written > /mnt/host/out")
                .code())
        .isEqualTo(0);
    assertThat(Files.readString(temp.resolve("host/out"))).isEqualTo("written\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "sandbox"})
  void network_isThatOfTheHostWhenAskedFor(String runtime) throws IOException {
    Peers.requireRoot();
    String own = Files.readString(Path.of("/proc/net/dev")).lines().skip(2).findFirst().orElse("");

    assertThat(run(runtime, List.of("--network"), "cat /proc/net/dev").succeeds().out())
        .contains(own.strip().replaceFirst(":.*", ":"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "sandbox"})
  void signal_reachesTheContainerFirst(String runtime) throws Exception {
    require(runtime);
    Process running =
        workspace.talking(
            "run",
            "--runtime=" + runtime,
            "//:image",
            "--",
            "trap 'echo saved; exit 42' TERM; echo ready; while :; do sleep 0.05; done");
    try (var lines = running.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.equals("ready")) {
        line = lines.readLine();
      }
      assertThat(line).isEqualTo("ready");
      running.toHandle().destroy();

      assertThat(lines.lines().toList()).contains("saved");
      assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(running.exitValue()).isEqualTo(42);
    } finally {
      running.destroyForcibly();
    }
    assertThat(TestWorkspace.files(workspace.cache.resolve("sandbox/run"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "sandbox"})
  void terminal_isPassedOn(String runtime) {
    require(runtime);
    Peers.requireTools("script");

    CliResult said =
        workspace.onTerminal(
            "run",
            "--runtime=" + runtime,
            "//:image",
            "--",
            "test -t 0 && test -t 1 && echo a terminal; exit 3");

    assertThat(said.out()).contains("a terminal");
    assertThat(said.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "sandbox", "auto"})
  void ordinaryUser_runsImagesToo(String runtime) throws IOException {
    Peers.requireRoot();
    require(runtime);
    Peers.requireTools("setpriv", "cp", "chmod", "chown");
    workspace.athanor("build", "//:image").succeeds();
    Peers.run("chown", "-R", "65534:65534", temp.toString());
    Peers.run("chmod", "755", temp.toString());

    CliResult said = asNobody("run", "--runtime=" + runtime, "//:image", "--", "id -u; echo > /x");

    assertThat(said.succeeds().out()).isEqualTo("0\n");
    CliResult user =
        asNobody("run", "--runtime=" + runtime, "--user=web", "//:image", "--", "id -u");
    if (runtime.equals("sandbox") || runtime.equals("auto")) {
      assertThat(user.succeeds().out()).isEqualTo("33\n");
    } else {
      user.fails(ExitCode.BAD_INPUT).says(runtime + " cannot start this container here");
    }
  }

  private CliResult asNobody(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            readableClassPath(),
            "dev.athanor.cli.Main"));
    command.addAll(List.of(words));
    return Programs.run(
        workspace.root,
        Map.of(
            "HOME", temp.resolve("home").toString(),
            "ATHANOR_CACHE_DIR", temp.resolve("cache").toString()),
        command);
  }

  /// Copies of our classes, since that user may not see our home.
  private String readableClassPath() throws IOException {
    Path folder = temp.resolve("classes");
    boolean copied = Files.exists(folder);
    Files.createDirectories(folder);
    List<String> copies = new ArrayList<>();
    for (String entry : Programs.CLASS_PATH.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
        Path copy = folder.resolve(copies.size() + (entry.endsWith(".jar") ? ".jar" : ""));
        copies.add(copy.toString());
        if (!copied) {
          Peers.run("cp", "-rL", entry, copy.toString());
        }
      }
    }
    Peers.run("chmod", "-R", "a+rX", folder.toString());
    return String.join(File.pathSeparator, copies);
  }

  /// What the image or the container calls a device is none of the host's.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "sandbox"})
  void deviceNodes_openNothing(String runtime) throws IOException {
    Peers.requireRoot();
    Peers.requireTools("mknod", "tar");
    Peers.runIn(
        workspace.root, "sh", "-ec", "mkdir t; mknod t/zero c 1 5; tar -cf dev.tar -C t zero");
    workspace.edit("BUILD", "directories =", "tars = [\"dev.tar\"],\n    directories =");

    CliResult said = run(runtime, List.of(), "cat < /zero");

    assertThat(said.code()).isNotEqualTo(0);
    assertThat(said.err()).contains("/zero: Permission denied");
  }

  @Test
  void archivesAndLayouts_runWithoutAWorkspace() {
    workspace.athanor("image", "export", "//:image", "image.tar").succeeds();
    workspace.athanor("build", "//:image").succeeds();
    Path elsewhere = temp.resolve("elsewhere");
    try {
      Files.createDirectory(elsewhere);
      Files.move(workspace.root.resolve("image.tar"), elsewhere.resolve("image.tar"));
      Files.move(workspace.root.resolve("athanor-out/image"), elsewhere.resolve("layout"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String there = "cd " + elsewhere;

    for (String image : List.of("image.tar", "layout", "layout:latest")) {
      assertThat(workspace.process(there, "run", image).succeeds().out()).isEqualTo("by default\n");
    }
    workspace
        .process(there, "run", "layout:other")
        .fails(ExitCode.BAD_INPUT)
        .says("layout:other holds 0 such images", "[latest]");
  }

  @Test
  void whatCannotBeRun_isAnError() {
    workspace
        .athanor("run", "--runtime=docker", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("there is no runtime 'docker'", "auto, sandbox, runc, crun");
    workspace
        .athanor("run", "--volume=/no/such:/x", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("the host has no /no/such");
    workspace
        .athanor("run", "--volume=/tmp:x", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("'/tmp:x' is not HOST:PATH");
    workspace
        .athanor("run", "--env=X", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("--env wants NAME=VALUE");
    workspace
        .athanor("run", "--workdir=/proc/self/fd/7", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("nothing can start in the working directory '/proc/self/fd/7'");
    workspace
        .athanor("run", "--workdir=//x/.././proc/self/fd/7", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("nothing can start in the working directory");
    workspace
        .athanor("run", "--user=nobody", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("the image has no user 'nobody'");
  }
}
