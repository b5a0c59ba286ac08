package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.engine.exec.Outcome;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ARCHITECTURE.md and the pictures of the design say what the code says.
final class DesignTest {
  private static final Path CHECKOUT = TestWorkspace.CHECKOUT;
  private static final Path DESIGN = CHECKOUT.resolve("docs/design");
  private static final MarkdownPage ARCHITECTURE =
      MarkdownPage.read(CHECKOUT.resolve("ARCHITECTURE.md"));
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /// Where packages are, and what the packages of a module are called in the code map, without
  /// `dev.athanor.`.
  private static final Map<String, String> SOURCES =
      Map.of(
          "engine", "engine.",
          "engine/remote", "",
          "sandbox", "",
          "actions", "",
          "oci", "",
          "testing", "",
          "cli", "");

  @Test
  void modules_haveTheArrowsThatAreHeld() throws Exception {
    Picture picture = Picture.read(DESIGN.resolve("modules.svg"));

    assertThat(
            picture.arrows().stream()
                .filter(arrow -> !arrow.dashed())
                .map(arrow -> arrow.from() + " -> " + arrow.to()))
        .containsExactlyElementsIn(
            ArchitectureTest.ARROWS.entries().stream()
                .map(arrow -> arrow.getKey() + " -> " + arrow.getValue())
                .toList());
    // Its own test holds these, beside it; what it is built with are the same.
    assertThat(
            picture.arrows().stream()
                .filter(Picture.Arrow::dashed)
                .map(arrow -> arrow.from() + " -> " + arrow.to()))
        .containsExactlyElementsIn(
            matches(
                    Files.readString(CHECKOUT.resolve("testing/pom.xml")),
                    "athanor-(\\w+)</artifactId></dep")
                .map(module -> "testing -> " + module)
                .toList());
  }

  @Test
  void modules_mustNotKnow_whatTheTableSays() throws Exception {
    Map<String, String> written = new HashMap<>();
    for (List<String> row : rows("## Code map")) {
      written.put(row.get(0).replace("`", ""), row.get(2));
    }

    for (Picture.Box box : Picture.read(DESIGN.resolve("modules.svg")).boxes()) {
      String text = String.join(" ", box.texts().subList(1, box.texts().size()));
      String module = box.texts().getFirst();
      assertThat(written).containsKey(module);
      if (!written.getOrDefault(module, "").isEmpty()) {
        assertThat(text).isEqualTo("not: " + written.get(module));
      }
    }
    assertThat(written.keySet())
        .containsExactlyElementsIn(
            Picture.read(DESIGN.resolve("modules.svg")).boxes().stream()
                .map(box -> box.texts().getFirst())
                .toList());
  }

  @Test
  void states_areThoseOfTheCode() throws Exception {
    String exec = "dev.athanor.engine.exec.";
    Set<String> states = new TreeSet<>();
    for (Class<?> outcome : Outcome.class.getPermittedSubclasses()) {
      states.add(words(outcome.getSimpleName()));
    }
    // What has no outcome yet has no type, but its place.
    assertThat(Class.forName(exec + "Frontier").getDeclaredField("waitingFor")).isNotNull();
    states.add("Waiting");
    assertThat(Class.forName(exec + "Build").getDeclaredMethod("ready", int.class)).isNotNull();
    states.add("Ready");
    states.add(Class.forName(exec + "Build$Queued").getSimpleName());
    states.add(Class.forName(exec + "Running").getSimpleName());

    Picture picture = Picture.read(DESIGN.resolve("action-states.svg"));

    assertThat(picture.boxes().stream().map(box -> box.texts().getFirst()))
        .containsExactlyElementsIn(states);
    Field times = Class.forName(exec + "Rewinding").getDeclaredField("MAX_REWINDS");
    times.setAccessible(true);
    assertThat(String.join(" ", picture.texts("note")))
        .contains(times.getInt(null) + " times at most");
  }

  /// `CacheHit` is a cache hit.
  private static String words(String name) {
    String spaced = name.replaceAll("(?<=.)([A-Z])", " $1").toLowerCase(Locale.ROOT);
    return name.charAt(0) + spaced.substring(1);
  }

  @Test
  void key_hasThePropertiesOfTheCode() throws Exception {
    String code =
        Files.readString(
            CHECKOUT.resolve("engine/src/main/java/dev/athanor/engine/action/ActionKey.java"));

    assertThat(Picture.read(DESIGN.resolve("action-key.svg")).texts("code"))
        .containsExactlyElementsIn(matches(code, "property\\(\"([\\w-]+)\"").toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"action-key", "action-states", "data-flow", "image-as-value", "modules"})
  void texts_fit(String picture) throws Exception {
    assertThat(Picture.read(DESIGN.resolve(picture + ".svg")).overflowing()).isEmpty();
  }

  @Test
  void everyPicture_isShown() throws IOException {
    MarkdownPage page = MarkdownPage.read(DESIGN.resolve("README.md"));

    try (Stream<Path> files = Files.list(DESIGN)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(f -> f.endsWith(".svg")))
          .containsExactlyElementsIn(
              page.links().stream()
                  .map(MarkdownPage.Span::text)
                  .filter(link -> link.endsWith(".svg"))
                  .toList());
    }
  }

  @Test
  void codeMap_namesEveryPackage_andNoOther() throws IOException {
    Set<String> there = new TreeSet<>();
    for (Map.Entry<String, String> source : SOURCES.entrySet()) {
      Path root = CHECKOUT.resolve(source.getKey()).resolve("src/main/java/dev/athanor");
      try (Stream<Path> files = Files.walk(root)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
            .map(name ->
                name.startsWith(source.getValue())
                    ? name.substring(source.getValue().length())
                    : name)
            .forEach(there::add);
      }
    }
    Set<String> named = new TreeSet<>();
    for (String heading :
        List.of("### Packages of `engine`", "### Packages of the other modules")) {
      rows(heading).forEach(row -> matches(row.getFirst(), CODE.pattern()).forEach(named::add));
    }

    assertThat(named).containsExactlyElementsIn(there);
  }

  /// A type that is named is there: whoever renames it finds this page.
  @ParameterizedTest
  @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md", "docs/design/README.md"})
  void types_exist(String page) throws IOException {
    Set<String> types = new TreeSet<>();
    Set<String> modules = new TreeSet<>(SOURCES.keySet());
    modules.add("dist");
    for (String module : modules) {
      try (Stream<Path> files = Files.walk(CHECKOUT.resolve(module).resolve("src"))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".java"))
            .forEach(name -> types.add(name.replace(".java", "")));
      }
    }

    for (MarkdownPage.Span code : MarkdownPage.read(CHECKOUT.resolve(page)).code()) {
      if (code.text().matches("[A-Z][a-z]+[A-Z]?[A-Za-z]*(\\.\\w+)?")) {
        String type = code.text().replaceFirst("\\..*", "");
        assertWithMessage("%s:%s names %s", page, code.line(), type)
            .that(types.contains(type))
            .isTrue();
      }
    }
  }

  @Test
  void everyDecision_isListed() throws IOException {
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("docs/decisions"))) {
      assertThat(ARCHITECTURE.links().stream().map(MarkdownPage.Span::text))
          .containsAtLeastElementsIn(
              files.map(file -> CHECKOUT.relativize(file).toString()).toList());
    }
  }

  /// The index names every page, and every page leads back to it.
  @Test
  void everyPage_isInTheIndex() {
    Path index = CHECKOUT.resolve("docs/README.md");
    Set<Path> listed = targets(MarkdownPage.read(index), index);
    for (MarkdownPage page : MarkdownPage.all()) {
      Path file = CHECKOUT.resolve(page.file());
      if (!page.file().startsWith("docs")
          || page.file().startsWith("docs/decisions")
          || file.equals(index)) {
        continue;
      }
      assertWithMessage("docs/README.md").that(listed).contains(file);
      if (!page.isGenerated()) {
        assertWithMessage("%s", page).that(targets(page, file)).contains(index);
      }
    }
  }

  private static Set<Path> targets(MarkdownPage page, Path file) {
    return page.links().stream()
        .map(link -> file.resolveSibling(link.text().replaceFirst("#.*", "")).normalize())
        .collect(Collectors.toSet());
  }

  /// The rows of the table below a heading of ARCHITECTURE.md, without its titles.
  private static List<List<String>> rows(String heading) {
    List<String> lines = ARCHITECTURE.prose();
    return lines.stream()
        .skip(lines.indexOf(heading) + 1L)
        .takeWhile(line -> !line.startsWith("#"))
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
        .toList();
  }

  private static Stream<String> matches(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map((MatchResult m) -> m.group(1));
  }
}
