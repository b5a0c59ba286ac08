package dev.athanor.oci.validate;

import java.util.List;

/// What is asked of index and manifest alike, which differ in the rules' ids only.
///
/// @param names of the members that such a document has
/// @param foreign members that only the other kind may have (CVE-2021-41190)
record DocumentRules(
    Rule schemaVersion,
    Rule mediaType,
    Rule artifactType,
    Rule foreignMember,
    List<String> names,
    List<String> foreign) {

  /// @param said the media type by which the document was found
  void check(Value document, String said) {
    document.refuseLookalikes(names);
    document.refuseLookalikes(foreign);
    document
        .required("schemaVersion", schemaVersion)
        .ifPresent(it ->
            it.number(schemaVersion)
                .filter(version -> version != 2)
                .ifPresent(version -> it.report(schemaVersion, "is " + version + ", not 2")));
    document
        .member("mediaType")
        .ifPresent(it ->
            it.string(mediaType)
                .filter(type -> !type.equals(said))
                .ifPresent(type -> it.report(mediaType, "is '" + type + "', not " + said)));
    document.member("artifactType").ifPresent(it -> it.mediaType(artifactType, artifactType));
    for (String name : foreign) {
      document.member(name).ifPresent(it -> it.report(foreignMember, "has no place in a " + said));
    }
    AnnotationRules.check(document, "annotations");
  }
}
