package dev.athanor.sandbox;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Slots that wait for a run, each of them clean. There are as many as there were runs at once.
final class Slots {
  private final ScratchDirs scratch;
  private final ConcurrentLinkedDeque<Slot> free = new ConcurrentLinkedDeque<>();

  Slots(ScratchDirs scratch) {
    this.scratch = scratch;
  }

  /// A slot for the caller alone. The one that was used last: commands that come one after another
  /// are often of the same package, and want the same directories.
  Slot take() throws IOException {
    Slot slot = free.pollFirst();
    return slot != null ? slot : new Slot(scratch.create());
  }

  /// Cleans the slot up, some time soon, for another run.
  void giveBack(Slot slot) {
    scratch.cleanUp(() -> {
      try {
        slot.clean();
        free.addFirst(slot);
      } catch (IOException e) {
        ScratchDirs.deleteQuietly(slot.folder());
      }
    });
  }

  /// How many wait for a run.
  int free() {
    return free.size();
  }

  /// The slot is of no use to another run.
  void discard(Slot slot) {
    scratch.discard(slot.folder());
  }
}
