package dev.athanor.engine.exec;

import java.io.IOException;
import java.util.Set;

/// Runs one process at a time in isolation from its host. Safe for use by many threads.
public interface Sandbox extends AutoCloseable {
  /// Runs the process and waits for it. When the process ends, runs out of time or the calling
  /// thread is interrupted, its whole process tree is gone before this returns or throws.
  ///
  /// @throws IOException when the sandbox cannot be made: the machine's failure, not the command's
  /// @throws InterruptedException when the calling thread was interrupted
  Exit run(Spawn spawn) throws IOException, InterruptedException;

  /// What this sandbox is called in flags, events and reports.
  String name();

  /// Whether it keeps the process from everything that it was not given. Results made without that
  /// are marked, and are not shared.
  boolean hermetic();

  /// Which factors [Spawn#varied] can name with an effect here. The others are as they always are,
  /// or as the host has them.
  default Set<Factor> varies() {
    return Factor.setOf(Circumstances.IN_SPAWN);
  }

  /// Lets go what it holds ready for further processes. None may be running.
  @Override
  default void close() {}
}
