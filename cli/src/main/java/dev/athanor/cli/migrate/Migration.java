package dev.athanor.cli.migrate;

import dev.athanor.engine.UserException;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Macro;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleSet;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
  /// @param to the text of that; empty where there is none
  /// @param isLeftAlone whether the file cannot be read, or must not be
  /// @param notes in the order of the lines
  public record Change(
      String file,
      String from,
      Optional<String> target,
      String to,
      boolean isLeftAlone,
      List<Note> notes) {
    public Change {
      notes = List.copyOf(notes);
    }

    static Change written(String file, String from, String target, String to, List<Note> notes) {
      return new Change(file, from, Optional.of(target), to, false, notes);
    }

    static Change none(String file, List<Note> notes) {
      return new Change(file, "", Optional.empty(), "", false, notes);
    }

    static Change left(String file, List<Note> notes) {
      return new Change(file, "", Optional.empty(), "", true, notes);
    }
  }

  /// @param rules of Athanor
  /// @throws UserException when there is nothing to migrate
  public static List<Change> of(Path root, RuleSet rules) throws IOException {
    Path toml = root.resolve("pants.toml");
    Optional<String> written = Files.exists(toml) ? read(toml) : Optional.of("");
    PantsOptions options = PantsOptions.parse(written.orElse(""));
    Map<String, List<Attribute>> attributes = attributes(rules);
    List<Change> changes = new ArrayList<>();
    if (written.isEmpty()) {
      changes.add(unreadable("pants.toml"));
    } else if (Files.exists(toml)) {
      changes.add(Change.none("pants.toml", options.notes()));
    }
    TreeWalk walk = TreeWalk.of(root);
    walk.left.forEach(
        (file, note) -> changes.add(Change.left(slashed(root.relativize(file)), List.of(note))));
    boolean rootBuild = false;
    for (Path file : walk.files) {
      String folder = slashed(root.relativize(parent(file)));
      rootBuild |= folder.isEmpty();
      changes.add(change(root, file, folder, options, attributes));
    }
    if (changes.isEmpty()) {
      throw new UserException(
          "nothing to migrate: no pants.toml and no BUILD file in " + root,
          "name the folder that has them: athanor migrate DIR");
    }
    if (!rootBuild && !options.emptyImage().equals("empty")) {
      changes.add(Change.written("", "", ATHANOR, emptyImage(options), List.of()));
    }
    if (!TreeWalk.isWorkspace(root)) {
      changes.add(Change.written("", "", WORKSPACE, "", List.of()));
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
    Optional<String> read = read(file);
    if (read.isEmpty()) {
      return unreadable(name);
    }
    String text = read.get();
    if (!file.endsWith(BUILD) && Files.exists(file.resolveSibling(BUILD))) {
      Note second = Note.left(0, "the folder has another BUILD file", "put them together");
      return Change.left(name, List.of(second));
    }
    BuildFile.Result result =
        BuildFile.migrate(name, text, new Addresses(root, folder), attributes);
    if (result.text().isEmpty()) {
      return Change.left(name, result.notes());
    }
    String to = result.text().get();
    if (folder.isEmpty() && !options.emptyImage().equals("empty")) {
      to = to + (to.isEmpty() ? "" : "\n") + emptyImage(options);
    }
    if (to.equals(text) && file.endsWith(BUILD)) {
      return Change.none(name, result.notes());
    }
    String target = folder.isEmpty() ? ATHANOR : folder + "/" + ATHANOR;
    return Change.written(name, text, target, to, result.notes());
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

  /// Nothing where it is no text, or nobody may read it.
  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (CharacterCodingException | AccessDeniedException e) {
      return Optional.empty();
    }
  }

  private static Change unreadable(String name) {
    Note note = Note.left(0, "it cannot be read as UTF-8", "write it in UTF-8, readable for you");
    return Change.left(name, List.of(note));
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
