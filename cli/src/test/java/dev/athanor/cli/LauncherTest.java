package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher script, in a copy of the checkout that has just enough in it.
final class LauncherTest {
  @TempDir Path temp;
  private Path checkout;
  private final Map<String, String> env = new TreeMap<>();

  @BeforeEach
  void copy() throws IOException {
    checkout = temp.resolve("a checkout");
    for (String folder : List.of("cli/src/main", "engine/protocol/src", "engine/remote/src/main")) {
      Files.createDirectories(checkout.resolve(folder));
    }
    for (String file :
        List.of(
            "athanor",
            "check",
            ".jdk.sh",
            "pom.xml",
            "cli/pom.xml",
            "cli/launch.sh",
            "engine/protocol/pom.xml",
            "engine/remote/pom.xml")) {
      Files.copy(
          TestWorkspace.CHECKOUT.resolve(file),
          checkout.resolve(file),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    env.put("HOME", temp.toString());
    env.put("PATH", System.getenv("PATH"));
  }

  @Test
  void built_runsTheProgram_withItsExitCode() throws IOException {
    built();

    assertThat(launch("--version").succeeds().out()).startsWith("athanor ");
    assertThat(launch("bild").ends(2).err()).contains("did you mean build?");
  }

  @Test
  void builtAndLinked_findsItsCheckout_andKeepsTheWordsApart() throws IOException {
    built();
    Path link = Files.createSymbolicLink(temp.resolve("athanor"), checkout.resolve("athanor"));

    CliResult result = Programs.run(temp, env, List.of(link.toString(), "help", "no such"));

    assertThat(result.ends(2).err()).contains("no such command: no such\n");
  }

  /// Continuous integration often has no locale at all.
  @Test
  void withoutALocale_fileNamesAreStillUtf8() throws IOException {
    built();
    TestWorkspace workspace = TestWorkspace.in(temp.resolve("odd"));
    workspace.write("app/grüße-☃", "x");
    workspace.write("BUILD", "oci_build_image(name = 'a', base = 'scratch', packages = ['app'])");
    env.put("LC_ALL", "C");

    launch("-C", workspace.root.toString(), "--cache-dir", temp + "/grün", "build", "//:a")
        .succeeds();

    assertThat(BuiltImage.in(workspace.root.resolve("athanor-out/a")).names(0))
        .containsExactly("app/", "app/grüße-☃");
    assertThat(Files.isDirectory(temp.resolve("grün"))).isTrue();
  }

  /// A JAVA_HOME that is too old does no harm.
  @Test
  void oldJavaHome_isPassedOver() throws IOException {
    built();
    Path old = temp.resolve("jdk-17");
    program(old.resolve("bin/javac"), "exit 1");
    program(old.resolve("bin/java"), "exit 1");
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    env.put("JAVA_HOME", old.toString());

    launch("--version").succeeds();
  }

  @Test
  void noNewJdk_saysWhatToInstall() {
    Peers.requireRoot();
    Peers.requireTools("unshare");
    env.put("JAVA_HOME", "/usr/lib/jvm/java-17-openjdk-amd64");

    for (String script : List.of("./athanor", "./check")) {
      CliResult result =
          Programs.run(
              checkout,
              env,
              List.of(
                  "unshare",
                  "--mount",
                  "sh",
                  "-c",
                  "for d in /usr/lib/jvm /opt/java; do [ ! -d $d ] || mount -t tmpfs none $d; done; exec "
                      + script));

      assertThat(result.code()).isNotEqualTo(0);
      assertThat(result.err())
          .isEqualTo(
              """
              error: Athanor needs a JDK 25 or later, and none was found.
              hint: install one (Temurin 25 is packaged as temurin-25-jdk), or point JAVA_HOME or \
              ATHANOR_JAVA_HOME at it.
              """);
    }
  }

  @Test
  void noMaven_saysWhatToInstall() throws IOException {
    env.put("PATH", bin(List.of("bash", "dirname", "find", "flock", "mkdir", "readlink", "sed")));

    CliResult result = launch("--version").ends(2);

    assertThat(result.err()).contains("'mvn' was not found");
    assertThat(result.err()).contains("hint: install it");
  }

  @Test
  void failedBuild_showsMavensErrors_andIsTriedAgain() throws IOException {
    Path maven = temp.resolve("bin");
    program(maven.resolve("mvn"), "echo '[INFO] noise'; echo '[ERROR] it broke'; exit 1");
    env.put("PATH", maven + ":" + env.get("PATH"));

    for (int i = 0; i < 2; i++) {
      CliResult result = launch("--version").ends(2);

      assertThat(result.err()).contains("[ERROR] it broke");
      assertThat(result.err()).doesNotContain("noise");
      assertThat(result.err()).contains("build.log");
    }
  }

  @Test
  void newerSource_isBuiltFirst() throws IOException {
    built();
    program(temp.resolve("bin/mvn"), "echo '[ERROR] asked to build'; exit 1");
    env.put("PATH", temp.resolve("bin") + ":" + env.get("PATH"));
    launch("--version").succeeds();

    Path source = checkout.resolve("cli/src/main/New.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 60_000));

    launch("--version").ends(2).says("asked to build");
  }

  private CliResult launch(String... words) {
    List<String> command = new ArrayList<>(List.of("./athanor"));
    command.addAll(List.of(words));
    return Programs.run(checkout, env, command);
  }

  /// As if the launcher had built this very program.
  private void built() throws IOException {
    Path target = Files.createDirectories(checkout.resolve("cli/target"));
    Files.writeString(target.resolve("classpath"), Programs.CLASS_PATH);
    Files.createFile(target.resolve("built"));
  }

  /// A folder with these programs only.
  private String bin(List<String> programs) throws IOException {
    Path bin = Files.createDirectories(temp.resolve("only"));
    for (String program : programs) {
      Path found =
          List.of("/usr/bin", "/bin").stream()
              .map(dir -> Path.of(dir, program))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(bin.resolve(program), found);
    }
    return bin.toString();
  }

  private static void program(Path path, String shell) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + shell + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
