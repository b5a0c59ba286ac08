package dev.athanor.sandbox;

import java.util.concurrent.CompletableFuture;

/// Whether memory is laid out at random.
final class Addresses {
  static final int ADDR_NO_RANDOMIZE = 0x0040000;

  /// On a thread that starts no other, because whatever a thread starts is laid out as it would be
  /// itself.
  private static final boolean FIXABLE =
      CompletableFuture.supplyAsync(
              Addresses::fix, task -> Thread.ofPlatform().daemon().start(task))
          .join();

  private Addresses() {}

  private static boolean fix() {
    try {
      return Libc.call(Syscall.PERSONALITY, ADDR_NO_RANDOMIZE) >= 0;
    } catch (SyscallException e) {
      return false;
    }
  }

  /// Whether this process may have them fixed for those that it starts: some containers forbid it.
  static boolean fixable() {
    return FIXABLE;
  }
}
