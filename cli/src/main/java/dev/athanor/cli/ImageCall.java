package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// One use of `athanor image`: what was said, and the images that it is about.
///
/// @param words behind the verb
/// @param images of the words that name some, in their order
record ImageCall(
    Invocation invocation, List<String> words, List<OpenImage> images, BlobStore blobs) {
  PrintStream out() {
    return invocation.terminal().out();
  }

  /// @throws UserException when there are several
  OpenImage only() {
    if (images.size() != 1) {
      throw new UserException("there are " + images.size() + " images", "name one");
    }
    return images.getFirst();
  }

  /// The file or directory that a word names.
  Path path(String word) {
    return GlobalFlags.directory(invocation.options(), invocation.terminal()).resolve(word);
  }

  /// Prints values as lines, or with `--json` as the only member of an object.
  static <T> void print(
      Invocation invocation,
      String name,
      List<T> values,
      Function<T, JsonObject> json,
      Function<T, Stream<String>> lines) {
    PrintStream out = invocation.terminal().out();
    if (!invocation.json()) {
      values.stream().flatMap(lines).forEach(out::println);
      return;
    }
    JsonArray array = new JsonArray();
    values.stream().map(json).forEach(array::add);
    JsonObject object = new JsonObject();
    object.add(name, array);
    out.println(PrettyJson.of(object));
  }
}
