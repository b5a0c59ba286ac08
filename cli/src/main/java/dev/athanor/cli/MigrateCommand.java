package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.cli.migrate.Migration;
import dev.athanor.cli.migrate.Migration.Change;
import dev.athanor.cli.migrate.Note;
import dev.athanor.cli.migrate.Patch;
import dev.athanor.engine.UserException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.Options;

/// `athanor migrate`: BUILD files for Athanor out of those for Pants and its OCI plugin.
final class MigrateCommand implements Command {
  private static final String WRITE = "write";

  /// What there is where a file is to be written.
  private enum Place {
    FREE,
    /// The very text.
    DONE,
    /// Another one, which may be somebody's work.
    TAKEN
  }

  @Override
  public String name() {
    return "migrate";
  }

  @Override
  public String usage() {
    return "[DIR]";
  }

  @Override
  public String summary() {
    return "Makes BUILD files for Athanor out of those for Pants and its OCI plugin.";
  }

  @Override
  public String description() {
    return """
    Reads pants.toml and the BUILD files of DIR, says what it would write, and with --write does
    so. No file is changed: a BUILD file that will not do as it is gets a BUILD.athanor beside it,
    which Athanor reads in its place. What has no equivalent stays in it as a comment that begins
    with '# athanor migrate:', and is listed with a hint. A BUILD.athanor that is there already is
    never overwritten. See docs/migrate.md.\
    """;
  }

  @Override
  public Options options() {
    return new Options().addOption(GlobalFlags.flag(null, WRITE, "write the files, not a diff"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException {
    if (invocation.arguments().size() > 1) {
      throw new UserException("migrate takes one directory", "usage: athanor migrate [DIR]");
    }
    Path directory = GlobalFlags.directory(invocation.options(), invocation.terminal());
    Path root =
        invocation.arguments().isEmpty()
            ? directory
            : directory.resolve(invocation.arguments().getFirst()).normalize();
    if (!Files.isDirectory(root)) {
      throw new UserException("no such directory: " + root);
    }
    List<Change> changes = Migration.of(root, Reference.rules());
    boolean write = invocation.options().hasOption(WRITE);
    PrintStream out = invocation.terminal().out();
    JsonArray json = new JsonArray();
    for (Change change : changes) {
      Place place = place(root, change);
      if (write && place == Place.FREE && change.target().isPresent()) {
        byte[] text = change.to().getBytes(StandardCharsets.UTF_8);
        NewFile.write(root.resolve(change.target().get()), file -> file.write(text));
      }
      if (invocation.json()) {
        json.add(json(change, place));
      } else {
        print(change, place, write, out);
      }
    }
    if (invocation.json()) {
      JsonObject all = new JsonObject();
      all.add("changes", json);
      out.println(PrettyJson.of(all));
    } else {
      summary(changes, write, out);
    }
    return changes.stream().anyMatch(Change::isLeftAlone)
        ? ExitCode.BUILD_FAILED
        : ExitCode.SUCCESS;
  }

  private static Place place(Path root, Change change) throws IOException {
    if (change.target().isEmpty() || !Files.exists(root.resolve(change.target().get()))) {
      return Place.FREE;
    }
    byte[] there = Files.readAllBytes(root.resolve(change.target().get()));
    boolean same = Arrays.equals(there, change.to().getBytes(StandardCharsets.UTF_8));
    return same ? Place.DONE : Place.TAKEN;
  }

  private static void print(Change change, Place place, boolean write, PrintStream out) {
    boolean isNew = change.target().isPresent() && place == Place.FREE;
    if (!write && isNew && !change.to().isEmpty()) {
      String to = change.target().orElseThrow();
      out.print(Patch.of(change.file(), change.from(), to, change.to()));
    }
    out.println(heading(change, place, write));
    for (Note note : change.notes()) {
      String line = note.line() > 0 ? ":" + note.line() : "";
      out.println(
          (note.forYou() ? "  for you  " : "  done     ")
              + change.file()
              + line
              + ": "
              + note.what());
      if (!note.hint().isEmpty()) {
        out.println("           hint: " + note.hint());
      }
    }
  }

  private static String heading(Change change, Place place, boolean write) {
    if (change.target().isEmpty()) {
      return change.file() + (change.isLeftAlone() ? " is left alone" : " stays as it is");
    }
    String target = change.target().get();
    return switch (place) {
      case FREE -> target + (write ? " is written" : " would be written");
      case DONE -> target + " is there";
      case TAKEN -> target + " is there and says something else: it is kept";
    };
  }

  private static void summary(List<Change> changes, boolean write, PrintStream out) {
    List<Note> notes = changes.stream().flatMap(change -> change.notes().stream()).toList();
    long forYou = notes.stream().filter(Note::forYou).count();
    out.println(notes.size() - forYou + " done, " + forYou + " for you");
    if (!write) {
      out.println("nothing is written without --write");
    } else if (changes.stream().anyMatch(change -> change.file().equals("pants.toml"))) {
      out.println(
          "for Pants to go on beside it: build_ignore = [\"BUILD.athanor\"] below [GLOBAL] in pants.toml");
    }
  }

  private static JsonObject json(Change change, Place place) {
    JsonObject json = new JsonObject();
    json.addProperty("file", change.file());
    change
        .target()
        .ifPresent(target -> {
          json.addProperty("target", target);
          json.addProperty("kept", place == Place.TAKEN);
        });
    JsonArray notes = new JsonArray();
    for (Note note : change.notes()) {
      JsonObject one = new JsonObject();
      one.addProperty("line", note.line());
      one.addProperty("forYou", note.forYou());
      one.addProperty("what", note.what());
      one.addProperty("hint", note.hint());
      notes.add(one);
    }
    json.add("notes", notes);
    return json;
  }
}
