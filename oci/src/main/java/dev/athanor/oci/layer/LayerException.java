package dev.athanor.oci.layer;

import dev.athanor.engine.UserException;

/// A layer, or what should become one, that breaks the rules; the message names layer and entry.
public final class LayerException extends UserException {
  private static final long serialVersionUID = 1;

  public LayerException(String message) {
    super(message);
  }

  public LayerException(String message, Throwable cause) {
    super(message, "", cause);
  }
}
