package dev.athanor.engine.plan;

import dev.athanor.engine.journal.RecordWriter;
import java.util.HashMap;
import java.util.Map;

/// Gives strings numbers, equal strings the same one.
final class StringPool {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final IntList ends = new IntList();
  private final RecordWriter bytes = new RecordWriter();

  int number(String string) {
    Integer known = numbers.get(string);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    numbers.put(string, number);
    bytes.putUtf8(string);
    ends.add(bytes.size());
    return number;
  }

  /// Where each string ends, then their bytes.
  void writeTo(RecordWriter out) {
    out.putInt(ends.size());
    ends.writeTo(out);
    out.putBytes(bytes.toBytes());
  }
}
