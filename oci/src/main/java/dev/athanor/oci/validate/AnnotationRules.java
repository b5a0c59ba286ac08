package dev.athanor.oci.validate;

import java.util.Set;

/// What is asked of annotations, and of a config's labels.
final class AnnotationRules {
  private static final String RESERVED = "org.opencontainers.image.";

  /// The keys that the specification defines, those among them that a converter derives from a
  /// config.
  private static final Set<String> DEFINED =
      Set.of(
          "created",
          "authors",
          "url",
          "documentation",
          "source",
          "version",
          "revision",
          "vendor",
          "licenses",
          "ref.name",
          "title",
          "description",
          "base.digest",
          "base.name",
          "os",
          "architecture",
          "variant",
          "os.version",
          "os.features",
          "author",
          "stopSignal",
          "exposedPorts");

  private AnnotationRules() {}

  /// Checks the member `name` of `owner`, if there is one.
  static void check(Value owner, String name) {
    owner
        .member(name)
        .flatMap(it -> it.object(Rule.ANNOTATIONS_MAP))
        .ifPresent(annotations -> {
          for (String key : annotations.names()) {
            checkKey(annotations, key);
          }
          annotations.entries().forEach(AnnotationRules::checkValue);
        });
  }

  private static void checkKey(Value annotations, String key) {
    boolean reserved = key.startsWith(RESERVED);
    if (reserved && !DEFINED.contains(key.substring(RESERVED.length()))) {
      annotations.report(
          Rule.ANNOTATIONS_RESERVED, "'" + key + "' is not defined by the specification");
    }
  }

  private static void checkValue(String key, Value value) {
    value
        .string(Rule.ANNOTATIONS_VALUE)
        .ifPresent(text -> {
          if (key.equals(RESERVED + "created") && !Grammar.isTime(text)) {
            value.report(Rule.ANNOTATIONS_CREATED, "'" + text + "' is no time of RFC 3339");
          }
          if (key.equals(RESERVED + "base.digest") && !Grammar.isDigest(text)) {
            value.report(Rule.ANNOTATIONS_BASE_DIGEST, "'" + text + "' is no digest");
          }
        });
  }
}
