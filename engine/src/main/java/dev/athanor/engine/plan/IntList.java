package dev.athanor.engine.plan;

import dev.athanor.engine.journal.RecordWriter;
import java.util.Arrays;

/// Integers that become a table of a record.
final class IntList {
  private int[] values = new int[16];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  void writeTo(RecordWriter out) {
    out.putInts(values, size);
  }
}
