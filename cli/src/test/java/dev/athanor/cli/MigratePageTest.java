package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.athanor.cli.migrate.Migration;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That `docs/migrate.md` names all that there is, and nothing that there is not.
final class MigratePageTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /// The fields of the plugin's targets.
  private static final Map<String, List<String>> PLUGIN =
      Map.of(
          "oci_pull_image", List.of("repository", "anonymous", "digest", "os", "architecture"),
          "oci_pull_images", List.of("repository", "anonymous", "variants", "os", "architecture"),
          "oci_image_build",
              List.of(
                  "repository",
                  "tag",
                  "base",
                  "layers",
                  "packages",
                  "terminal",
                  "env",
                  "entrypoint",
                  "args",
                  "output_path",
                  "commands"),
          "oci_image_empty", List.of(),
          "oci_build_layer",
              List.of("base", "packages", "outputs", "commands", "env", "exclude", "output_path"),
          "oci_extract", List.of("base", "outputs", "env", "exclude", "output_path"),
          "oci_layer", List.of("packages", "output_path"));

  private String page = "";
  private final Map<String, List<Attribute>> rules = new TreeMap<>();

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(TestWorkspace.CHECKOUT.resolve("docs/migrate.md"));
    RuleSet all = Reference.rules();
    all.rules().forEach((name, rule) -> rules.put(name, rule.attributes()));
    all.macros().forEach((name, macro) -> rules.put(name, macro.attributes()));
  }

  /// What stands in the first column of the tables of a section.
  private Set<String> named(String heading) {
    String section = page.substring(page.indexOf("\n## " + heading + "\n") + 4);
    int end = section.indexOf("\n## ");
    Set<String> named = new TreeSet<>();
    for (String line : (end < 0 ? section : section.substring(0, end)).split("\n", -1)) {
      if (line.startsWith("|")) {
        String first = line.split("\\|", -1)[1];
        CODE.matcher(first).results().map((MatchResult m) -> m.group(1)).forEach(named::add);
      }
    }
    return named;
  }

  @Test
  void everyTargetOfThePlugin_isNamed_andThere() {
    Set<String> named = named("Targets of the plugin");

    assertThat(named).containsAtLeastElementsIn(PLUGIN.keySet());
    for (String name : named) {
      if (name.startsWith("oci_")) {
        assertWithMessage(name).that(rules).containsKey(name);
      }
    }
    for (String alias : List.of("oci_build_image", "oci_mirror_image", "oci_mirror_images")) {
      assertThat(named).contains(alias);
    }
  }

  @Test
  void everyFieldOfThePlugin_isNamed_andAccepted() {
    Set<String> named = named("Targets of the plugin");
    PLUGIN.forEach((rule, fields) -> {
      List<String> accepted = new ArrayList<>();
      for (Attribute attribute : rules.getOrDefault(rule, List.of())) {
        accepted.add(attribute.name());
        accepted.addAll(attribute.aliases());
      }
      assertWithMessage(rule).that(accepted).containsAtLeastElementsIn(fields);
      assertWithMessage(rule).that(named).containsAtLeastElementsIn(fields);
    });
  }

  /// Other names are there for files that were written for others.
  @Test
  void everyOtherNameOfAFieldOfThePlugin_isNamed() {
    Set<String> named = named("Targets of the plugin");
    PLUGIN.forEach((rule, fields) -> {
      for (Attribute attribute : rules.getOrDefault(rule, List.of())) {
        if (fields.contains(attribute.name())) {
          assertThat(named).containsAtLeastElementsIn(attribute.aliases());
        }
      }
    });
  }

  @Test
  void everyTargetOfPants_isNamed_andKnown() {
    Set<String> named = named("Targets of Pants");

    assertThat(named).containsAtLeastElementsIn(Migration.targets());
    assertThat(named).containsAtLeastElementsIn(Migration.fields());
  }

  @Test
  void everyOption_isNamed() {
    String options = String.join(" ", named("Options"));

    for (String option : Migration.options()) {
      String section = option.substring(0, option.indexOf('.'));
      assertThat(options).contains("[" + section + "]");
      assertThat(options).contains(option.substring(option.indexOf('.') + 1));
    }
  }

  @Test
  void everyGoal_isACommand() {
    Set<String> commands = new TreeSet<>();
    Commands.shown()
        .forEach(command -> {
          commands.add(command.name());
          commands.addAll(command.aliases());
        });

    String goals = page.substring(page.indexOf("\n## Goals\n"));
    long count =
        Pattern.compile("`athanor (\\w+)")
            .matcher(goals)
            .results()
            .peek(m -> assertThat(commands).contains(m.group(1)))
            .count();
    assertThat(count).isGreaterThan(10);
  }
}
