package dev.athanor.cli.migrate;

import dev.athanor.engine.UserException;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What has to be done to a tree that Pants builds, so that Athanor builds it: nothing to the files
/// that are there. A `BUILD` that will not do gets a `BUILD.athanor` beside it, which wins.
public final class Migration {
  private static final String BUILD = "BUILD";
  private static final String ATHANOR = "BUILD.athanor";
  private static final String WORKSPACE = "WORKSPACE";

  private Migration() {}

  /// @param file below the root
  /// @param from its text
  /// @param target the file that is to be written; absent where the file will do as it is, or
  ///   cannot be read
  /// @param to the text of that; empty where the file cannot be read
  /// @param notes in the order of the lines
  public record Change(
      String file, String from, Optional<String> target, String to, List<Note> notes) {
    public Change {
      notes = List.copyOf(notes);
    }

    /// Whether the file cannot be read, or must not be.
    public boolean isLeftAlone() {
      return target.isEmpty() && to.isEmpty() && !from.isEmpty();
    }
  }

  /// @param rules of Athanor
  /// @throws UserException when there is nothing to migrate
  public static List<Change> of(Path root, RuleSet rules) throws IOException {
    PantsOptions options = options(root);
    Map<String, List<Attribute>> attributes = attributes(rules);
    List<Change> changes = new ArrayList<>();
    if (Files.exists(root.resolve("pants.toml"))) {
      changes.add(new Change("pants.toml", "", Optional.empty(), "as it is", options.notes()));
    }
    boolean build = false;
    boolean rootBuild = false;
    for (Path file : files(root)) {
      build = true;
      String folder = slashed(root.relativize(parent(file)));
      rootBuild |= folder.isEmpty() && file.endsWith(BUILD);
      changes.add(change(root, file, folder, options, attributes));
    }
    if (!build && changes.isEmpty()) {
      throw new UserException(
          "nothing to migrate: no pants.toml and no BUILD file in " + root,
          "name the folder that has them: athanor migrate DIR");
    }
    if (!rootBuild && !options.emptyImage().equals("empty")) {
      changes.add(new Change("", "", Optional.of(ATHANOR), emptyImage(options), List.of()));
    }
    if (!Files.exists(root.resolve(WORKSPACE))
        && !Files.exists(root.resolve(WORKSPACE + ".athanor"))) {
      changes.add(new Change("", "", Optional.of(WORKSPACE), "", List.of()));
    }
    return changes;
  }

  /// The targets of Pants that something is known of; those of the plugin are rules.
  public static Set<String> targets() {
    return Translations.ALL.keySet();
  }

  /// The options that something is known of, as `section.name`, or `section.` for all of it.
  public static Set<String> options() {
    Set<String> options = new TreeSet<>(PantsOptions.HINTS.keySet());
    options.addAll(PantsOptions.NEEDLESS);
    options.add(PantsOptions.EMPTY_IMAGE);
    return options;
  }

  /// The fields of commands that something is known of.
  public static Set<String> fields() {
    Set<String> fields = new TreeSet<>(Commands.HINTS.keySet());
    fields.addAll(Commands.NEEDLESS);
    return fields;
  }

  private static Change change(
      Path root,
      Path file,
      String folder,
      PantsOptions options,
      Map<String, List<Attribute>> attributes)
      throws IOException {
    String name = slashed(root.relativize(file));
    String text = Files.readString(file);
    if (!file.endsWith(BUILD) && Files.exists(file.resolveSibling(BUILD))) {
      Note second = Note.left(0, "the folder has another BUILD file", "put them together");
      return new Change(name, text, Optional.empty(), "", List.of(second));
    }
    BuildFile.Result result =
        BuildFile.migrate(name, text, new Addresses(root, folder), attributes);
    if (result.text().isEmpty()) {
      return new Change(name, text, Optional.empty(), "", result.notes());
    }
    String to = result.text().get();
    if (folder.isEmpty() && !options.emptyImage().equals("empty")) {
      to = to + (to.isEmpty() ? "" : "\n") + emptyImage(options);
    }
    boolean same = to.equals(text) && file.endsWith(BUILD);
    String target = folder.isEmpty() ? ATHANOR : folder + "/" + ATHANOR;
    return new Change(
        name, text, same ? Optional.empty() : Optional.of(target), to, result.notes());
  }

  private static String emptyImage(PantsOptions options) {
    return "oci_image_empty(name = \"" + options.emptyImage() + "\")\n";
  }

  /// By their names and by the other names that they have.
  private static Map<String, List<Attribute>> attributes(RuleSet rules) {
    Map<String, List<Attribute>> attributes = new TreeMap<>();
    for (Map.Entry<String, Rule> rule : rules.rules().entrySet()) {
      attributes.put(rule.getKey(), rule.getValue().attributes());
    }
    for (Macro macro : rules.macros().values()) {
      attributes.put(macro.name(), macro.attributes());
    }
    return attributes;
  }

  private static PantsOptions options(Path root) throws IOException {
    Path file = root.resolve("pants.toml");
    return PantsOptions.parse(Files.exists(file) ? Files.readString(file) : "");
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> isBuildFile(file.getFileName().toString()))
          .filter(Files::isRegularFile)
          .filter(file -> isSearched(root.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean isBuildFile(String name) {
    return name.equals(BUILD) || name.equals("BUILD.pants");
  }

  private static boolean isSearched(Path below) {
    for (Path name : below) {
      String text = name.toString();
      if (text.startsWith(".") || text.equals("athanor-out") || text.equals("dist")) {
        return false;
      }
    }
    return true;
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file.toString());
    }
    return parent;
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }
}
