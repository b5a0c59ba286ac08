package dev.athanor.oci.action;

import com.google.common.base.Splitter;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.image.Destination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Values for destinations that are the contents of files, known only when these are made.
final class FileValues {
  /// Longer than any repository or tag.
  private static final int MAX_BYTES = 1024;

  private FileValues() {}

  /// A parameter with the names of values, in the order of the files.
  static String param(List<String> names) {
    return String.join(",", names);
  }

  /// @param files those of the names in the parameter `values`, in order, and maybe more
  static Map<String, String> read(ActionContext context, List<Artifact> files) throws IOException {
    Map<String, String> values = new TreeMap<>();
    int next = 0;
    for (String name : Splitter.on(',').omitEmptyStrings().splitToList(context.param("values"))) {
      Artifact file = files.get(next++);
      Digest digest = context.file(file);
      if (digest.size() > MAX_BYTES) {
        throw new ActionException(
            file.path() + " is too long for the value of " + name,
            "it becomes part of a tag: at most 128 characters");
      }
      values.put(name, new String(context.blobs().read(digest), StandardCharsets.UTF_8).strip());
    }
    return values;
  }

  /// The destination with every place filled.
  ///
  /// @throws ActionException when a place stays empty
  /// @throws dev.athanor.engine.UserException when what comes of it is no place to push to
  static Destination fill(Destination destination, Map<String, String> values) {
    Destination filled = destination.fill(values);
    Set<String> missing = filled.places();
    if (!missing.isEmpty()) {
      throw new ActionException(
          "nobody gave a value for "
              + String.join(", ", missing)
              + " in "
              + String.join(", ", filled.references()),
          "give --define NAME=VALUE, or name a file that has it in tag_files");
    }
    return filled.checked();
  }
}
