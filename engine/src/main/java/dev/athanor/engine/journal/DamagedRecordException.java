package dev.athanor.engine.journal;

import java.io.IOException;

/// The bytes of a record are not those that were written.
public final class DamagedRecordException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedRecordException(long offset) {
    super("damaged record at byte " + offset + " of a journal");
  }
}
