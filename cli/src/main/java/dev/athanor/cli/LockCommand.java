package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.query.Query;
import dev.athanor.engine.query.QueryTarget;
import dev.athanor.engine.rule.Configurable;
import dev.athanor.oci.lock.LockFile;
import dev.athanor.oci.lock.LockedImage;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.RegistryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/// `athanor lock`: writes down which images the tags of pulled images stand for.
final class LockCommand implements Command {
  private static final String UPDATE = "update";
  private static final String CHECK = "check";

  @Override
  public String name() {
    return "lock";
  }

  @Override
  public String usage() {
    return "[REPOSITORY:TAG...]";
  }

  @Override
  public String summary() {
    return "Writes down in athanor.lock which images the tags in BUILD files stand for.";
  }

  @Override
  public String description() {
    return """
    Looks at every oci_pull_image of the workspace that has a tag and no sha. What is locked stays
    as it is, what is new is looked up, what nobody names any more goes. With --update, registries
    are asked again for all, or for those that are named. With --check nothing is written: the exit
    code is 1 where something would change. Check the file in.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(GlobalFlags.flag(null, UPDATE, "look up again what is locked already"))
        .addOption(
            GlobalFlags.flag(null, CHECK, "change nothing, and fail where something would change"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    boolean check = invocation.options().hasOption(CHECK);
    try (Workbench bench = new Workbench(invocation)) {
      Path file = bench.workspace.root().resolve(LockFile.NAME);
      LockFile old = Files.exists(file) ? LockFile.parse(Files.readString(file)) : LockFile.EMPTY;
      SortedMap<String, Wanted> wanted = wanted(bench);
      SortedMap<String, LockedImage> images = new TreeMap<>();
      List<Change> changes = changes(old, wanted, images, invocation, bench);
      if (!check && !changes.isEmpty()) {
        byte[] text = new LockFile(images).text().getBytes(StandardCharsets.UTF_8);
        NewFile.write(file, out -> out.write(text));
      }
      bench.console.close();
      print(changes, invocation);
      return check && !changes.isEmpty() ? ExitCode.BUILD_FAILED : ExitCode.SUCCESS;
    }
  }

  /// What becomes another in the lock file.
  ///
  /// @param images gets all that the file is to hold
  private static List<Change> changes(
      LockFile old,
      SortedMap<String, Wanted> wanted,
      SortedMap<String, LockedImage> images,
      Invocation invocation,
      Workbench bench)
      throws IOException {
    boolean check = invocation.options().hasOption(CHECK);
    boolean update = invocation.options().hasOption(UPDATE);
    List<String> named = named(invocation, wanted);
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<String, Wanted> entry : wanted.entrySet()) {
      String name = entry.getKey();
      LockedImage before = old.images().get(name);
      boolean again = update && (named.isEmpty() || named.contains(name));
      if (before != null && !again) {
        images.put(name, before);
      } else if (before == null && check && !update) {
        changes.add(new Change(name, null, null));
      } else {
        LockedImage now = resolve(entry.getValue(), bench);
        images.put(name, now);
        if (!now.equals(before)) {
          changes.add(new Change(name, before, now));
        }
      }
    }
    old.images()
        .forEach((name, before) -> {
          if (!wanted.containsKey(name)) {
            changes.add(new Change(name, before, null));
          }
        });
    return changes;
  }

  /// A tag that BUILD files name.
  ///
  /// @param anonymous whether no credentials may be sent
  private record Wanted(Reference tag, boolean anonymous, String label) {}

  private static SortedMap<String, Wanted> wanted(Workbench bench) throws InterruptedException {
    bench.console.post(new BuildEvent.Loading(List.of("//...")));
    SortedMap<String, Wanted> wanted = new TreeMap<>();
    var found =
        Query.parse("lock", "kind('^oci_pull_image rule$', //...)")
            .run(bench.session.targets(false, false), bench.here(), List.of(), Query.Order.AUTO);
    for (QueryTarget target : found.targets()) {
      if (target instanceof QueryTarget.OfRule(var declared)) {
        for (Reference tag : tags(declared)) {
          boolean anonymous = values(declared, "anonymous").contains(true);
          wanted.putIfAbsent(
              tag.toString(), new Wanted(tag, anonymous, declared.label().toString()));
        }
      }
    }
    return wanted;
  }

  /// Those that a target may name, in whatever configuration.
  private static List<Reference> tags(Target target) {
    List<Reference> tags = new ArrayList<>();
    if (values(target, "sha").isEmpty()) {
      for (Object repository : values(target, "repository")) {
        for (Object tag : values(target, "tag")) {
          try {
            tags.add(Repository.parse((String) repository).tag((String) tag));
          } catch (UserException e) {
            throw new UserException(
                target.location() + ": " + target.label() + ": " + e.getMessage(),
                e.hint().orElse(""),
                e);
          }
        }
      }
    }
    return tags;
  }

  private static List<Object> values(Target target, String attribute) {
    return switch (target.attributes().values().get(attribute)) {
      case null -> List.of();
      case Configurable configurable -> configurable.alternatives();
      case Object value -> List.of(value);
    };
  }

  /// The references on the command line.
  private static List<String> named(Invocation invocation, SortedMap<String, Wanted> wanted) {
    if (!invocation.arguments().isEmpty() && !invocation.options().hasOption(UPDATE)) {
      throw new UserException(
          "lock takes references only with --update", "`athanor lock` looks up what is missing");
    }
    List<String> named = new ArrayList<>();
    for (String word : invocation.arguments()) {
      String name = Reference.parse(word).toString();
      if (!wanted.containsKey(name)) {
        throw new UserException(
            "no oci_pull_image has the tag " + name,
            wanted.isEmpty()
                ? "no target has a tag and no sha"
                : "there are " + String.join(", ", wanted.keySet()));
      }
      named.add(name);
    }
    return named;
  }

  private static LockedImage resolve(Wanted wanted, Workbench bench) throws IOException {
    RegistryClient client = bench.registries().client(wanted.anonymous);
    try {
      return LockedImage.resolve(wanted.tag, client);
    } catch (UserException e) {
      throw new UserException(
          "cannot lock the tag of " + wanted.label + ": " + e.getMessage(), e.hint().orElse(""), e);
    }
  }

  /// @param before absent when it was not locked
  /// @param now absent when nobody wants it any more, or nobody asked
  private record Change(String name, @Nullable LockedImage before, @Nullable LockedImage now) {
    String text() {
      if (now == null) {
        return (before == null ? "not locked: " : "no longer named: ") + name;
      }
      return before == null
          ? "locked " + name + "@" + digest(now)
          : "updated " + name + ": " + digest(before) + " -> " + digest(now);
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("reference", name);
      Optional.ofNullable(before).ifPresent(image -> json.addProperty("before", digest(image)));
      Optional.ofNullable(now).ifPresent(image -> json.addProperty("now", digest(image)));
      return json;
    }

    private static String digest(LockedImage image) {
      return image.root().digest().toString();
    }
  }

  private static void print(List<Change> changes, Invocation invocation) {
    if (invocation.json()) {
      JsonObject json = new JsonObject();
      JsonArray array = new JsonArray();
      changes.forEach(change -> array.add(change.json()));
      json.add("changes", array);
      invocation.terminal().out().println(PrettyJson.of(json));
    } else {
      changes.forEach(change -> invocation.terminal().out().println(change.text()));
    }
  }
}
