package dev.athanor.engine.history;

import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;
import java.util.BitSet;

/// Whether what is known of a plan's files and actions still holds: all that a build with nothing
/// to do looks at.
///
/// Changes are noted, so that a build writes down no more than it changed. Not safe for use by
/// several threads.
final class Freshness {
  /// What stood at each watched path, see [Stamps]; zero where that cannot be told.
  private final long[] stamps;

  /// What each output looked like where it is shown; zero for what is not shown.
  private final long[] shown;

  /// Actions whose results are those of the sources as they were stamped.
  private final BitSet valid;

  private final BitSet changedStamps = new BitSet();
  private final BitSet changedShown = new BitSet();
  private final BitSet changedValid = new BitSet();

  Freshness(int watches, int outputs) {
    this(new long[watches], new long[outputs], new BitSet());
  }

  private Freshness(long[] stamps, long[] shown, BitSet valid) {
    this.stamps = stamps;
    this.shown = shown;
    this.valid = valid;
  }

  long stamp(int watch) {
    return stamps[watch];
  }

  void setStamp(int watch, long stamp) {
    if (stamps[watch] != stamp) {
      stamps[watch] = stamp;
      changedStamps.set(watch);
    }
  }

  long shown(int output) {
    return shown[output];
  }

  void setShown(int output, long stamp) {
    if (shown[output] != stamp) {
      shown[output] = stamp;
      changedShown.set(output);
    }
  }

  boolean isValid(int action) {
    return valid.get(action);
  }

  void setValid(int action, boolean is) {
    if (valid.get(action) != is) {
      valid.set(action, is);
      changedValid.set(action);
    }
  }

  int countValid() {
    return valid.cardinality();
  }

  boolean isChanged() {
    return !changedStamps.isEmpty() || !changedShown.isEmpty() || !changedValid.isEmpty();
  }

  void clearChanges() {
    changedStamps.clear();
    changedShown.clear();
    changedValid.clear();
  }

  byte[] encode() {
    RecordWriter out = new RecordWriter();
    out.putInt(stamps.length).putLongs(stamps, stamps.length);
    out.putInt(shown.length).putLongs(shown, shown.length);
    long[] words = valid.toLongArray();
    out.putInt(words.length).putLongs(words, words.length);
    return out.toBytes();
  }

  static Freshness decode(byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    return new Freshness(
        in.getLongs(in.getInt()),
        in.getLongs(in.getInt()),
        BitSet.valueOf(in.getLongs(in.getInt())));
  }

  byte[] encodeChanges() {
    RecordWriter out = new RecordWriter();
    out.putInt(changedStamps.cardinality());
    changedStamps.stream().forEach(watch -> out.putInt(watch).putLong(stamps[watch]));
    out.putInt(changedShown.cardinality());
    changedShown.stream().forEach(output -> out.putInt(output).putLong(shown[output]));
    out.putInt(changedValid.cardinality());
    changedValid.stream().forEach(action -> out.putInt(action).putByte(valid.get(action) ? 1 : 0));
    return out.toBytes();
  }

  void applyChanges(byte[] changes) {
    RecordReader in = new RecordReader(changes);
    for (int left = in.getInt(); left > 0; left--) {
      stamps[in.getInt()] = in.getLong();
    }
    for (int left = in.getInt(); left > 0; left--) {
      shown[in.getInt()] = in.getLong();
    }
    for (int left = in.getInt(); left > 0; left--) {
      valid.set(in.getInt(), in.getByte() == 1);
    }
  }
}
