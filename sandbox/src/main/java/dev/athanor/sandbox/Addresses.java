package dev.athanor.sandbox;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Whether memory is laid out at random.
final class Addresses {
  static final int ADDR_NO_RANDOMIZE = 0x0040000;

  private static @Nullable Boolean fixable;

  private Addresses() {}

  /// Whether this process may have them fixed for those that it starts: some containers forbid it.
  static synchronized boolean fixable() {
    if (fixable == null) {
      // On a thread that starts no other, because whatever a thread starts is laid out as it is.
      fixable =
          CompletableFuture.supplyAsync(
                  Addresses::fix, task -> Thread.ofPlatform().daemon().start(task))
              .join();
    }
    return fixable;
  }

  private static boolean fix() {
    try {
      return Libc.call(Syscall.PERSONALITY, ADDR_NO_RANDOMIZE) >= 0;
    } catch (SyscallException e) {
      return false;
    }
  }
}
