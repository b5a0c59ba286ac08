package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// What a program finds on its stack when it begins: its arguments, its environment, and a list of
/// keys and values by which the kernel tells it things.
///
/// Without the kernel's own code in its memory, a program asks by system calls for what that code
/// would tell it unseen: the time, random numbers. Every C library can do without, as can Go.
record StartStack(Ptrace ptrace, int pid) {
  private static final int WORD = 8;
  private static final int CHUNK = 4096;

  /// Enough for any list there is.
  private static final int LIST = 1024;

  private static final long END = 0;
  private static final long IGNORE = 1;
  private static final long RANDOM = 25;
  private static final long KERNEL_CODE = 33;

  /// @param life where 16 bytes come from that the program takes for random ones
  void change(long stackPointer, boolean random, Life life) throws SyscallException {
    if (ptrace.read(pid, stackPointer, WORD) < WORD) {
      return;
    }
    long arguments = ptrace.buffer(WORD).get(JAVA_LONG, 0);
    long list = behindEnvironment(stackPointer + (arguments + 2) * WORD);
    int size = ptrace.read(pid, list, LIST);
    long[] words = new long[size / WORD];
    MemorySegment buffer = ptrace.buffer(LIST);
    for (int i = 0; i < words.length; i++) {
      words[i] = buffer.getAtIndex(JAVA_LONG, i);
    }
    for (int i = 0; i + 1 < words.length && words[i] != END; i += 2) {
      if (words[i] == KERNEL_CODE) {
        ptrace.buffer(WORD).set(JAVA_LONG, 0, IGNORE);
        ptrace.write(pid, list + (long) i * WORD, WORD);
      } else if (words[i] == RANDOM && random) {
        ptrace.buffer(2 * WORD).set(JAVA_LONG, 0, life.random());
        ptrace.buffer(2 * WORD).set(JAVA_LONG, WORD, life.random());
        ptrace.write(pid, words[i + 1], 2 * WORD);
      }
    }
  }

  private long behindEnvironment(long start) throws SyscallException {
    long at = start;
    while (true) {
      int size = ptrace.read(pid, at, CHUNK) / WORD * WORD;
      MemorySegment buffer = ptrace.buffer(CHUNK);
      for (int i = 0; i < size; i += WORD) {
        at += WORD;
        if (buffer.get(JAVA_LONG, i) == 0) {
          return at;
        }
      }
      if (size == 0) {
        throw new SyscallException("reading a traced process", SyscallException.EFAULT);
      }
    }
  }
}
