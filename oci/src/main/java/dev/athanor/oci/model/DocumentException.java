package dev.athanor.oci.model;

import dev.athanor.engine.UserException;

/// A document of an image that breaks its specification; the message names document and field.
public final class DocumentException extends UserException {
  private static final long serialVersionUID = 1;

  private final String where;
  private final String problem;

  /// @param where document and field, such as `manifest sha256:…: layers[2].size`
  public DocumentException(String where, String problem) {
    super(where + ": " + problem);
    this.where = where;
    this.problem = problem;
  }

  public String where() {
    return where;
  }

  public String problem() {
    return problem;
  }
}
