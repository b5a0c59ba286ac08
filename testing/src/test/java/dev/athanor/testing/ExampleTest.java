package dev.athanor.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// `examples/determinism` is what it says: its test is compiled and run as it stands there, and as
/// it stands in the documentation.
final class ExampleTest {
  private static final Path CHECKOUT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

  private static final Path EXAMPLE = CHECKOUT.resolve("examples/determinism");
  private static final Path SOURCES = EXAMPLE.resolve("src/test/java");
  private static final String TEST = "com.example.release.DeterminismTest";

  @TempDir Path classes;

  @Test
  void test_passes() throws Exception {
    compile();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, ExampleTest.class.getClassLoader())) {
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(loader.loadClass(TEST)))
                  .build(),
              summary);
    }

    assertThat(summary.getSummary().getFailures().stream().map(it -> it.getException().toString()))
        .isEmpty();
    assertThat(summary.getSummary().getTestsSucceededCount())
        .isEqualTo(tests(Files.readString(SOURCES.resolve(TEST.replace('.', '/') + ".java"))));
  }

  private static long tests(String source) {
    return source.lines().filter(line -> line.strip().equals("@Test")).count();
  }

  private void compile() throws IOException {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-d", classes.toString(), "-Xlint:all", "-proc:none"),
                  null,
                  files.getJavaFileObjects(SOURCES.resolve(TEST.replace('.', '/') + ".java")))
              .call();
      assertWithMessage(messages.toString()).that(compiled).isTrue();
    }
  }

  /// Whoever copies it gets what it was tested with.
  @Test
  void pom_namesTheVersionsOfTheProject() throws IOException {
    String project = Files.readString(CHECKOUT.resolve("pom.xml"));
    String example = Files.readString(EXAMPLE.resolve("pom.xml"));

    assertThat(example).contains("<version>" + between(project, "version") + "</version>");
    assertThat(example).contains("<version>" + between(project, "junit.version") + "</version>");
  }

  private static String between(String xml, String element) {
    String start = "<" + element + ">";
    int at = xml.indexOf(start) + start.length();
    return xml.substring(at, xml.indexOf("</" + element + ">", at));
  }

  /// What the documentation shows of the example is in it.
  @Test
  void documentation_showsTheExample() throws IOException {
    String example = Files.readString(SOURCES.resolve(TEST.replace('.', '/') + ".java"));
    String shown = Files.readString(CHECKOUT.resolve("docs/testing.md"));
    String block = shown.substring(shown.indexOf("```java\n@AthanorWorkspace") + 8);

    try (Stream<String> lines = block.substring(0, block.indexOf("\n}\n```")).lines()) {
      lines.forEach(line -> assertThat(example).contains(line));
    }
  }
}
