package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Names that images have on this machine.
final class ImageName {
  private static final String TAG = "latest";
  private static final Pattern ODD = Pattern.compile("[^a-z0-9]+");
  private static final Pattern JOINT = Pattern.compile("[.]|_|__|-+");
  private static final Pattern ENDS = Pattern.compile("^[^a-z0-9]+|[^a-z0-9]+$");

  private ImageName() {}

  /// A name that somebody gave, with a tag in any case.
  static Reference parse(String text) {
    Reference name = Reference.parse(text);
    if (name.digest().isPresent()) {
      throw new UserException(
          "'" + text + "' has a digest",
          "a name for an image here is REPOSITORY or REPOSITORY:TAG");
    }
    return name.tag().isPresent() ? name : name.repository().tag(TAG);
  }

  /// A name below `localhost/`, out of any text: `app/My Server` becomes
  /// `localhost/app/my-server:latest`.
  static Reference local(String text) {
    String path =
        Stream.of(text.toLowerCase(Locale.ROOT).split("/", -1))
            .map(ImageName::part)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("/"));
    return new Repository("localhost", path.isEmpty() ? "image" : path).tag(TAG);
  }

  private static String part(String text) {
    String joined =
        ODD.matcher(text)
            .replaceAll(found -> JOINT.matcher(found.group()).matches() ? found.group() : "-");
    return ENDS.matcher(joined).replaceAll("");
  }
}
