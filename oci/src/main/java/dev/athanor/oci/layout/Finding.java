package dev.athanor.oci.layout;

/// One rule that an image breaks.
///
/// @param rule its id, such as `blob.digest`; ids are stable, texts are not
/// @param where the document, blob or file concerned
public record Finding(String rule, String where, String problem) implements Comparable<Finding> {
  @Override
  public int compareTo(Finding that) {
    return toString().compareTo(that.toString());
  }

  @Override
  public String toString() {
    return rule + ": " + where + ": " + problem;
  }
}
