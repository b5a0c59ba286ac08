package dev.athanor.engine.exec;

import java.util.HashSet;
import java.util.Set;

/// The threads that work for a build, so that they can be interrupted. A thread that has left is
/// somebody else's, and is never interrupted.
final class Running {
  private final Set<Thread> threads = new HashSet<>();

  synchronized void enter() {
    threads.add(Thread.currentThread());
  }

  synchronized void leave() {
    threads.remove(Thread.currentThread());
    // Nobody shall hear of it who uses the thread next.
    var _ = Thread.interrupted();
  }

  synchronized void interrupt() {
    threads.forEach(Thread::interrupt);
  }
}
