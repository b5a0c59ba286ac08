package dev.athanor.engine.history;

import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;

/// A build that is remembered.
///
/// @param request what was asked for, for people
/// @param sequence counts the builds of one request
/// @param configuration what targets were built for, in words
/// @param executed how many actions ran, and succeeded
/// @param millis how long it took
public record SavedBuild(
    BuildId id,
    int sequence,
    String request,
    String configuration,
    int executed,
    int cached,
    int failed,
    int skipped,
    int millis) {

  byte[] encode() {
    return new RecordWriter()
        .putLong(id.millis())
        .putLong(id.number())
        .putInt(sequence)
        .putString(request)
        .putString(configuration)
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
        in.getInt(),
        in.getString(),
        in.getString(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt());
  }
}
