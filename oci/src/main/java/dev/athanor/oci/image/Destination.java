package dev.athanor.oci.image;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import dev.athanor.engine.UserException;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where an image is to be published: a repository and tags in it.
///
/// Both may have places like `{VERSION}` in them, to be filled with a value of that name.
public record Destination(String repository, List<String> tags) {
  private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

  public Destination {
    tags = List.copyOf(tags);
  }

  /// Reads `repository:tag`, or `repository`, which takes `tags`.
  public static Destination parse(String text, List<String> tags) {
    int colon = text.lastIndexOf(':');
    return colon > text.lastIndexOf('/')
        ? new Destination(text.substring(0, colon), List.of(text.substring(colon + 1)))
        : new Destination(text, tags);
  }

  /// The same with every place filled that `values` has a value for.
  public Destination fill(Map<String, String> values) {
    return new Destination(
        fill(repository, values), tags.stream().map(tag -> fill(tag, values)).distinct().toList());
  }

  public static String fill(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
  }

  /// The names of the values that are still to be filled in.
  public Set<String> places() {
    Set<String> names = new TreeSet<>(places(repository));
    tags.forEach(tag -> names.addAll(places(tag)));
    return names;
  }

  public static Set<String> places(String text) {
    Set<String> names = new TreeSet<>();
    Matcher places = PLACE.matcher(text);
    while (places.find()) {
      names.add(places.group(1));
    }
    return names;
  }

  /// Whether a value may have this name.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// Checks what can be checked: all, when every place is filled.
  ///
  /// @throws UserException when this can never be a place to push to
  public Destination checked() {
    if (places(repository).isEmpty()) {
      var _ = Repository.parse(repository);
    }
    tags.forEach(Destination::checkTag);
    return this;
  }

  /// The same for a tag alone.
  public static String checkTag(String tag) {
    if (places(tag).isEmpty() && !Reference.isTag(tag)) {
      throw new UserException(
          "'" + tag + "' is not a tag", "letters, digits, '_', '.' and '-', at most 128");
    }
    return tag;
  }

  /// One line for each reference: `repository:tag`.
  public List<String> references() {
    List<String> references = new ArrayList<>();
    tags.forEach(tag -> references.add(repository + ":" + tag));
    return references;
  }

  /// As a parameter of an action.
  public String encode() {
    return repository + "\n" + Joiner.on('\n').join(tags);
  }

  /// Reads what [#encode] wrote.
  public static Destination decode(String text) {
    List<String> lines = Splitter.on('\n').splitToList(text);
    return new Destination(lines.getFirst(), lines.subList(1, lines.size()));
  }
}
