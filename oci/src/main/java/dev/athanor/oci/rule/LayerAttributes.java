package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.image.AttributeEdit;
import dev.athanor.oci.image.LayerSpec;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.EntryPath;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// The attributes that say what goes into a layer, where, and what it looks like there.
final class LayerAttributes {
  private static final String PATTERNS =
      """
      `*` and `?` stand for characters within a name, `**` for any number of directories; later entries win, and one \
      that matches nothing is an error.\
      """;

  /// The attributes of every rule that makes a layer of files.
  static final List<Attribute> ALL = below("/");

  /// The same with another default for the directory that everything goes to.
  static List<Attribute> below(String directory) {
    return List.of(
        Attribute.labels("packages", "Targets whose files go into the image."),
        Attribute.string("directory", "Where `packages` go; their files keep their paths below it.")
            .orElse(directory),
        Attribute.string(
            "strip_prefix",
            "A directory of the workspace to take off the paths of `packages`: with `app`, the file"
                + " `app/etc/x` goes to `/etc/x`."),
        Attribute.of(
            "files",
            Attribute.Type.LABEL_MAP,
            "Targets by label, and where their files go: an absolute path, or with a slash at its end a directory"
                + " for all of the target's files."),
        Attribute.labels(
            "tars",
            "Tar archives to be taken whole, plain or compressed by gzip or zstd, with the owners, modes and times"
                + " that they have."),
        Attribute.stringMap("symlinks", "Symlinks to make: from their paths to their targets."),
        Attribute.strings("directories", "Directories to make, though nothing may be in them."),
        Attribute.stringMap(
            "modes",
            "Modes in octal, such as `0640`, by pattern: of files, or with a slash at its end of directories. "
                + PATTERNS),
        Attribute.stringMap(
            "owners",
            "Owners as `UID` or `UID:GID`, by pattern as for `modes`, but of directories too."),
        Attribute.stringMap(
            "mtimes", "Times as RFC 3339 or seconds since the epoch, by pattern as for `owners`."));
  }

  private final RuleContext context;

  private LayerAttributes(RuleContext context) {
    this.context = context;
  }

  /// What a target that has [#ALL] asks for.
  static LayerSpec spec(RuleContext context) {
    return new LayerAttributes(context).spec();
  }

  /// Every artifact that such a target may name in its spec.
  static List<Artifact> inputs(RuleContext context) {
    Set<Artifact> inputs = new LinkedHashSet<>(context.files("packages"));
    for (Label label : context.attributes().labelMap("files").keySet()) {
      inputs.addAll(context.analysed(label).providers().defaultInfo().files());
    }
    inputs.addAll(context.files("tars"));
    return List.copyOf(inputs);
  }

  /// Where a file of `packages` goes.
  static String destination(RuleContext context, Artifact file) {
    return new LayerAttributes(context).destination(file);
  }

  /// Where a file of another attribute goes: to the same directory, below which it keeps its path,
  /// unless that begins with the prefix too.
  static String besides(RuleContext context, Artifact file) {
    String prefix = context.attributes().optionalString("strip_prefix").orElse("");
    return !prefix.isEmpty() && (shown(file) + "/").startsWith(prefix + "/")
        ? destination(context, file)
        : directory(context) + "/" + shown(file);
  }

  /// The directory that everything goes to, without a slash at its end: empty for the root.
  static String directory(RuleContext context) {
    String directory =
        new LayerAttributes(context)
            .absolute("directory", context.attributes().string("directory"));
    return directory.equals("/") ? "" : directory;
  }

  private LayerSpec spec() {
    SortedMap<String, String> places = new TreeMap<>();
    for (Artifact file : context.files("packages")) {
      place(destination(file), file, "packages", places);
    }
    context.attributes().labelMap("files").forEach((label, to) -> files(label, to, places));
    List<String> archives = context.files("tars").stream().map(tar -> tar.path().text()).toList();
    SortedMap<String, String> symlinks = new TreeMap<>();
    context
        .attributes()
        .stringMap("symlinks")
        .forEach((path, target) -> symlinks.put(link(path), target(path, target)));
    List<String> directories =
        context.attributes().strings("directories").stream()
            .map(path -> absolute("directories", path))
            .toList();
    return new LayerSpec(places, archives, symlinks, directories, edits());
  }

  private void place(String to, Artifact file, String attribute, SortedMap<String, String> places) {
    String other = places.putIfAbsent(to, file.path().text());
    if (other != null && !other.equals(file.path().text())) {
      throw context.error(
          attribute,
          other + " and " + file.path() + " both go to " + to,
          "give one of them another place with files = {label: path}");
    }
  }

  private String destination(Artifact file) {
    String path = shown(file);
    String prefix = context.attributes().optionalString("strip_prefix").orElse("");
    String below = path;
    if (!prefix.isEmpty()) {
      String stripped = prefix.endsWith("/") ? prefix : prefix + "/";
      if (!path.startsWith(stripped)) {
        throw context.error(
            "strip_prefix",
            path + " is not below '" + prefix + "'",
            "put it elsewhere with files = {label: path}");
      }
      below = path.substring(stripped.length());
    }
    return directory(context) + "/" + below;
  }

  /// The path of a file in the workspace, or where it would be there if it were no output.
  static String shown(Artifact file) {
    return switch (file) {
      case Artifact.Source source -> source.path().text();
      case Artifact.Derived derived -> derived.visiblePath().text();
    };
  }

  private void files(Label label, String to, SortedMap<String, String> places) {
    List<Artifact> files = context.analysed(label).providers().defaultInfo().files();
    if (!to.endsWith("/") && files.size() != 1) {
      throw context.error(
          "files",
          label + " is " + files.size() + " files, which cannot all be " + to,
          "end the path with a slash to put them into a directory");
    }
    String place = absolute("files", to);
    for (Artifact file : files) {
      String name = shown(file).substring(shown(file).lastIndexOf('/') + 1);
      String directory = place.equals("/") ? "" : place;
      place(to.endsWith("/") ? directory + "/" + name : place, file, "files", places);
    }
  }

  private String link(String path) {
    String absolute = absolute("symlinks", path);
    if (absolute.equals("/")) {
      throw context.error("symlinks", "the root cannot be a symlink", "");
    }
    return absolute;
  }

  private String target(String path, String target) {
    if (target.isEmpty() || target.indexOf('\0') >= 0) {
      throw context.error("symlinks", path + " leads nowhere", "give it a target");
    }
    return target;
  }

  /// The path without a slash at its end.
  private String absolute(String attribute, String path) {
    return path(context, attribute, path).text();
  }

  /// An absolute path in the image.
  static EntryPath path(RuleContext context, String attribute, String path) {
    try {
      if (path.startsWith("/")) {
        return EntryPath.parse(path);
      }
    } catch (IllegalArgumentException e) {
      throw context.error(attribute, "'" + path + "': " + e.getMessage(), "");
    }
    throw context.error(
        attribute, "'" + path + "' is no absolute path", "paths in the image start with '/'");
  }

  private List<AttributeEdit> edits() {
    List<AttributeEdit> edits = new ArrayList<>();
    edits("modes", edits, this::mode);
    edits("owners", edits, this::owner);
    edits("mtimes", edits, this::mtime);
    return edits;
  }

  private void edits(
      String attribute, List<AttributeEdit> edits, BiFunction<String, String, AttributeEdit> edit) {
    for (Map.Entry<String, String> entry : context.attributes().stringMap(attribute).entrySet()) {
      String pattern = entry.getKey();
      if (!pattern.startsWith("/") && !pattern.startsWith("**")) {
        throw context.error(
            attribute,
            "'" + pattern + "' matches no absolute path",
            "patterns start with '/' or '**/'");
      }
      edits.add(edit.apply(pattern, entry.getValue()));
    }
  }

  private AttributeEdit mode(String pattern, String text) {
    if (!text.matches("[0-7]{3,5}") || Integer.parseInt(text, 8) > Attributes.MODE_BITS) {
      throw context.error("modes", "'" + text + "' is not a mode", "write it in octal: '0644'");
    }
    return new AttributeEdit.Mode(pattern, Integer.parseInt(text, 8));
  }

  private AttributeEdit owner(String pattern, String text) {
    if (!text.matches("[0-9]{1,10}(:[0-9]{1,10})?")) {
      throw context.error(
          "owners",
          "'" + text + "' is not UID or UID:GID",
          "names mean nothing without an image; use the numbers of its /etc/passwd");
    }
    int colon = text.indexOf(':');
    long uid = Long.parseLong(colon < 0 ? text : text.substring(0, colon));
    long gid = colon < 0 ? uid : Long.parseLong(text.substring(colon + 1));
    if (Math.max(uid, gid) > Attributes.MAX_ID) {
      throw context.error("owners", text + " is more than 32 bits can hold", "");
    }
    return new AttributeEdit.Owner(pattern, uid, gid);
  }

  private AttributeEdit mtime(String pattern, String text) {
    return new AttributeEdit.Mtime(pattern, time(context, "mtimes", text));
  }

  /// A moment as people write it.
  static Instant time(RuleContext context, String attribute, String text) {
    try {
      return text.matches("-?[0-9]{1,12}")
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw context.error(
          attribute, "'" + text + "' is no time", "for example 2026-01-31T12:00:00Z, or seconds");
    }
  }
}
