package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Runs the other tests once more, when they are run by root: in the JVM of an ordinary user.
final class OrdinaryUserTest {
  /// Marks tests that take long and know no users.
  static final String ONCE = "once";

  private static final String UID = "12345";

  private static final List<Class<?>> TESTS =
      List.of(
          EscapeTest.class,
          HermeticSandboxTest.class,
          HostProbeTest.class,
          LadderTest.class,
          NamespaceSandboxTest.class,
          PlainSandboxTest.class,
          SandboxedSpawnRunnerTest.class,
          SlotTest.class,
          TracerTest.class,
          VariedTest.class);

  private Path copies = Path.of("/nonexistent");

  @AfterEach
  void deleteCopies() throws Exception {
    ScratchDirs.delete(copies);
  }

  @Test
  void allTests_asAnOrdinaryUser_pass() throws Exception {
    assumeTrue(Host.of(Path.of("/")).uid() == 0, "these tests already run as an ordinary user");
    assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "no setpriv to become another user with");
    copies = Files.createTempDirectory("ordinary-user");

    Process child =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + UID,
                "--regid=" + UID,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                readableClassPath(),
                OrdinaryUserTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), UTF_8);

    assertWithMessage(output).that(child.waitFor()).isEqualTo(0);
  }

  /// The class path copied to where everybody can read it: an ordinary user cannot look into root's
  /// home.
  private String readableClassPath() throws Exception {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path copy = copies.resolve(Integer.toString(entries.size()));
      copy(Path.of(entry), copy);
      entries.add(copy.toString());
    }
    new ProcessBuilder("chmod", "-R", "a+rX", copies.toString()).start().waitFor();
    return String.join(File.pathSeparator, entries);
  }

  private static void copy(Path from, Path to) throws Exception {
    if (!Files.exists(from)) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /// What runs in the other JVM.
  public static void main(String[] args) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(TESTS.stream().map(DiscoverySelectors::selectClass).toList())
            .filters(TagFilter.excludeTags(ONCE))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request, listener);
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    listener.getSummary().printTo(out);
    listener.getSummary().printFailuresTo(out, 30);
    System.exit(
        listener.getSummary().getTotalFailureCount() == 0
                && listener.getSummary().getTestsSucceededCount() > 0
            ? 0
            : 1);
  }
}
