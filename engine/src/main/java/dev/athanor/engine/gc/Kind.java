package dev.athanor.engine.gc;

/// What kind of thing can be removed. Of two that were last used at the same time, the one whose
/// kind comes first goes first: a result before what it refers to.
public enum Kind {
  /// What was left in the midst of writing.
  LEFTOVER("leftovers"),
  /// A blob that was found damaged.
  DAMAGED("damaged blobs"),
  /// A sandbox that was kept for people.
  SANDBOX("kept sandboxes"),
  /// What is remembered of the builds of a request.
  BUILDS("remembered builds"),
  RESULT("action results"),
  /// What is known of how a result depends on circumstances.
  VERIFICATION("verifications"),
  BLOB("blobs"),
  /// What is remembered of how a layer was compressed.
  PIECES("layer pieces"),
  /// An input tree, laid out.
  TREE("laid-out trees"),
  /// A root filesystem, laid out.
  ROOT("root filesystems");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /// For people, in the plural.
  public String text() {
    return text;
  }
}
