package dev.athanor.engine.concurrent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/// Lets so many threads at once do something, and the others wait for a place.
public final class Room {
  private final Semaphore places;

  public Room(int places) {
    this.places = new Semaphore(places);
  }

  /// What is done in it.
  public interface Work<T> {
    T run() throws IOException;
  }

  /// Does it as soon as there is a place.
  ///
  /// @throws InterruptedIOException when the thread was interrupted while it waited, which it stays
  public <T> T in(Work<T> work) throws IOException {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    try {
      return work.run();
    } finally {
      places.release();
    }
  }
}
