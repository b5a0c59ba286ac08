package dev.athanor.engine.rule;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A provider of built-in rules as the build language sees it.
///
/// Field values are plain: artifacts, strings, booleans, and lists of these.
///
/// @param name as .bzl files call it
/// @param fields their names, all of which must be given to make one
/// @param read the fields of a provider
/// @param make a provider of its fields; throws [dev.athanor.engine.UserException] when they do not
///   fit
public record ProviderType<T extends Provider>(
    String name,
    Class<T> type,
    String doc,
    List<String> fields,
    Function<T, Map<String, Object>> read,
    Function<Map<String, Object>, T> make) {
  public ProviderType {
    fields = List.copyOf(fields);
  }

  /// The fields of `provider`, which must be of this type.
  public Map<String, Object> fieldsOf(Provider provider) {
    return read.apply(type.cast(provider));
  }
}
