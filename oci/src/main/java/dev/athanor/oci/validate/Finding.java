package dev.athanor.oci.validate;

import dev.athanor.oci.validate.Rule.Severity;
import java.util.Comparator;

/// One breach of one rule.
///
/// @param where the document, blob or file concerned, and the place in it
/// @param problem for people; unlike the rule's id the text is not stable
public record Finding(Rule rule, String where, String problem) implements Comparable<Finding> {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding it) -> it.rule.severity()).thenComparing(Finding::toString);

  public boolean isError() {
    return rule.severity() == Severity.ERROR;
  }

  /// Errors first.
  @Override
  public int compareTo(Finding that) {
    return ORDER.compare(this, that);
  }

  @Override
  public String toString() {
    return (isError() ? "" : "warning: ") + rule.id() + ": " + where + ": " + problem;
  }
}
