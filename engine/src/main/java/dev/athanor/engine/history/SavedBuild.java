package dev.athanor.engine.history;

import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;

/// A build that is remembered.
///
/// @param request what was asked for, for people
/// @param executed how many actions ran, and succeeded
/// @param millis how long it took
public record SavedBuild(
    BuildId id, String request, int executed, int cached, int failed, int skipped, int millis) {

  byte[] encode() {
    return new RecordWriter()
        .putLong(id.millis())
        .putLong(id.number())
        .putString(request)
        .putInt(executed)
        .putInt(cached)
        .putInt(failed)
        .putInt(skipped)
        .putInt(millis)
        .toBytes();
  }

  static SavedBuild decode(byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    return new SavedBuild(
        new BuildId(in.getLong(), (int) in.getLong()),
        in.getString(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt());
  }
}
