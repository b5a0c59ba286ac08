package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sandboxes in JVMs of their own: on a host that permits less, and killed.
final class LadderTest {
  @TempDir Path dir;

  /// As on Ubuntu 24.04, and in containers that permit no user namespaces.
  @Test
  void choose_withoutUserNamespaces_isPlainAndSaysWhy() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/unshare")), "no unshare");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"",
                "sh"));
    command.addAll(jvm("auto", "echo made"));

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertWithMessage(output).that(process.waitFor()).isEqualTo(0);
    List<String> lines = output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    assertThat(lines.getFirst()).isEqualTo("plain");
    assertThat(lines.get(1)).startsWith("not namespaces: sandbox: unshare");
    assertThat(lines.get(2)).startsWith("not bwrap: ");
    assertThat(lines.get(3)).startsWith("not unshare: ");
    assertThat(lines.getLast()).isEqualTo("made");
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "bwrap", "unshare"})
  void killedJvm_leavesNoProcess(String name) throws Exception {
    HermeticSandboxTest.sandbox(name, dir.resolve("try")).close();
    String seconds = "66666." + System.nanoTime();
    String script = "(trap '' TERM HUP; setsid sleep %1$s) & sleep %1$s".formatted(seconds);
    Process process =
        new ProcessBuilder(jvm(name, "echo on; " + script)).redirectErrorStream(true).start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      String line = output.readLine();
      assertThat(line).isEqualTo(name);
      await(() -> count(seconds) >= 2);

      process.destroyForcibly();

      await(() -> count(seconds) == 0);
    }
  }

  /// `script` gives the JVM a terminal, which the command then takes over.
  @ParameterizedTest
  @ValueSource(strings = {"namespaces", "plain"})
  void terminal_isTheCommandsAndComesBack(String name) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/script")), "no script");
    String look =
        "test -t 0 && test -t 1 && echo has a terminal; (trap '' HUP; sleep 0.2) & exit 7";
    List<String> words =
        Stream.concat(jvm(name, look).stream(), Stream.of("attach"))
            .map(UnshareScript::quote)
            .toList();

    Process process =
        new ProcessBuilder("script", "-qec", String.join(" ", words), "/dev/null")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertWithMessage(output).that(process.waitFor()).isEqualTo(0);
    assertThat(output.lines().toList())
        .containsAtLeast(name, "has a terminal", "Code[code=7]", "in the foreground again")
        .inOrder();
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.holds()) {
      assertWithMessage("waited for long").that(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static long count(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process ->
            process.info().commandLine().orElse("").equals("sleep " + argument)
                || process.info().commandLine().orElse("").endsWith("/sleep " + argument))
        .count();
  }

  private List<String> jvm(String sandbox, String script) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        LadderTest.class.getName(),
        sandbox,
        script,
        dir.toString());
  }

  /// What runs in the other JVM.
  public static void main(String[] args) throws Exception {
    Path dir = Path.of(args[2]);
    Sandboxes.Choice choice = Sandboxes.choose(args[0], dir.resolve("state"));
    System.out.println(choice.sandbox().name());
    choice.rejected().forEach(reason -> System.out.println("not " + reason.replace('\n', ' ')));
    Runs runs = Runs.in(dir.resolve("runs"), choice.sandbox());
    if (args.length < 4) {
      System.out.print(runs.sh(args[1]).out());
      return;
    }
    System.out.println(runs.attach("/bin/sh", "-c", args[1]).cause());
    try (Terminal terminal = Terminal.open()) {
      System.out.println(terminal.present() ? "in the foreground again" : "in the background");
    }
    choice.sandbox().close();
  }
}
