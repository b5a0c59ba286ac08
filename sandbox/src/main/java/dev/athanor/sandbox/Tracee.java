package dev.athanor.sandbox;

import org.jspecify.annotations.Nullable;

/// A thread that is traced. The first of a process stands for that.
final class Tracee {
  private final int id;
  private final boolean process;
  private final Life life;
  private @Nullable Pending pending;

  /// A call of which the result is awaited.
  ///
  /// @param address of what the kernel will write, or read
  /// @param original for a deadline that was moved: the one there was, to be put back; for others
  ///   that wait: how long
  record Pending(TracedCall call, long address, long original) {}

  private Tracee(int id, boolean process, Life life) {
    this.id = id;
    this.process = process;
    this.life = life;
  }

  static Tracee process(int id, Life life) {
    return new Tracee(id, true, life);
  }

  /// @param life that of its process
  static Tracee thread(int id, Life life) {
    return new Tracee(id, false, life);
  }

  int id() {
    return id;
  }

  Life life() {
    return life;
  }

  /// Whether it is the first of its process.
  boolean process() {
    return process;
  }

  void await(TracedCall call, long address, long original) {
    pending = new Pending(call, address, original);
  }

  /// Whether it does nothing until a process ends that it has started.
  boolean waitsForOthers() {
    return pending != null
        && (pending.call() == TracedCall.WAIT4 || pending.call() == TracedCall.WAITID);
  }

  @Nullable Pending arrived() {
    Pending call = pending;
    pending = null;
    return call;
  }
}
