package dev.athanor.oci.validate;

import dev.athanor.oci.model.Index;
import java.util.List;
import java.util.Optional;

/// What is asked of an index: one of images, or a layout's `index.json`.
final class IndexRules {
  private static final DocumentRules COMMON =
      new DocumentRules(
          Rule.INDEX_SCHEMA_VERSION,
          Rule.INDEX_MEDIA_TYPE,
          Rule.INDEX_ARTIFACT_TYPE,
          Rule.INDEX_FOREIGN_MEMBER,
          Index.MEMBERS,
          List.of("config", "layers"));

  private IndexRules() {}

  /// The documents that the index lists, as far as their descriptors can be read.
  static List<Target> check(Value index, String mediaType) {
    COMMON.check(index, mediaType);
    return entries(index).stream().map(DescriptorRules::check).flatMap(Optional::stream).toList();
  }

  static List<Value> entries(Value index) {
    return index
        .required("manifests", Rule.INDEX_MANIFESTS)
        .flatMap(it -> it.list(Rule.INDEX_MANIFESTS))
        .orElse(List.of());
  }
}
