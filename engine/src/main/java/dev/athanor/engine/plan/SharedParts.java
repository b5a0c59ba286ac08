package dev.athanor.engine.plan;

import dev.athanor.engine.journal.RecordWriter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Parts that many actions have alike, such as their environment: written once, and numbered.
final class SharedParts {
  private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
  private final IntList places = new IntList();
  private final RecordWriter parts = new RecordWriter();

  int number(RecordWriter part) {
    byte[] bytes = part.toBytes();
    return numbers.computeIfAbsent(
        ByteBuffer.wrap(bytes),
        _ -> {
          places.add(parts.size());
          parts.putRaw(bytes, bytes.length);
          return places.size() - 1;
        });
  }

  /// Where each part begins, then the parts.
  void writeTo(RecordWriter out) {
    out.putInt(places.size());
    places.writeTo(out);
    out.putBytes(parts.toBytes());
  }
}
