package dev.athanor.remote;

import java.util.logging.Level;
import java.util.logging.Logger;

/// What the gRPC library would print on standard error of its own accord. Whatever matters of it
/// reaches us as the end of a call.
public final class GrpcLogs {
  /// Held, or the setting would be collected with it.
  private static final Logger LOGGER = Logger.getLogger("io.grpc");

  private GrpcLogs() {}

  /// Keeps it from printing.
  public static void silence() {
    LOGGER.setLevel(Level.OFF);
  }
}
