package dev.athanor.engine.history;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What each source of a plan held, and what each action made, when somebody last looked.
///
/// Changes are noted, so that a build writes down no more than it changed. Not safe for use by
/// several threads.
final class Results {
  /// Four of the hash, one of the size.
  private static final int KEY_WORDS = 5;

  private final ContentTable sources;
  private final ContentTable outputs;

  /// All zero where an action has never had a result.
  private final long[] keys;

  /// How long each action ran when it last did.
  private final int[] millis;

  /// How much memory it took then; zero where unknown.
  private final int[] mebibytes;

  /// The sequence number of the build in which each action last ran; zero when none is known.
  private final int[] ranIn;

  private final BitSet changedSources = new BitSet();
  private final BitSet changedActions = new BitSet();

  Results(Plan plan) {
    this(
        new ContentTable(plan.sourceCount()),
        new ContentTable(plan.outputCount()),
        new long[plan.actionCount() * KEY_WORDS],
        new int[plan.actionCount()],
        new int[plan.actionCount()],
        new int[plan.actionCount()]);
  }

  private Results(
      ContentTable sources,
      ContentTable outputs,
      long[] keys,
      int[] millis,
      int[] mebibytes,
      int[] ranIn) {
    this.sources = sources;
    this.outputs = outputs;
    this.keys = keys;
    this.millis = millis;
    this.mebibytes = mebibytes;
    this.ranIn = ranIn;
  }

  @Nullable Content source(int source) {
    return sources.get(source);
  }

  void setSource(int source, Content content) {
    sources.set(source, content);
    changedSources.set(source);
  }

  @Nullable Content output(int output) {
    return outputs.get(output);
  }

  /// The key that the outputs belong to; null where there are none.
  @Nullable Digest key(int action) {
    int at = action * KEY_WORDS;
    if (keys[at + KEY_WORDS - 1] == 0) {
      return null;
    }
    return new Digest(new Sha256(keys[at], keys[at + 1], keys[at + 2], keys[at + 3]), keys[at + 4]);
  }

  int millis(int action) {
    return millis[action];
  }

  int mebibytes(int action) {
    return mebibytes[action];
  }

  int ranIn(int action) {
    return ranIn[action];
  }

  void setResult(int action, Digest key, int firstOutput, List<Content> contents) {
    int at = action * KEY_WORDS;
    keys[at] = key.hash().word0();
    keys[at + 1] = key.hash().word1();
    keys[at + 2] = key.hash().word2();
    keys[at + 3] = key.hash().word3();
    keys[at + 4] = key.size();
    for (int i = 0; i < contents.size(); i++) {
      outputs.set(firstOutput + i, contents.get(i));
    }
    changedActions.set(action);
  }

  /// Leaves the outputs as they are: what is made next may be the same.
  void forget(int action) {
    Arrays.fill(keys, action * KEY_WORDS, (action + 1) * KEY_WORDS, 0);
    changedActions.set(action);
  }

  /// Notes a run.
  ///
  /// @param took milliseconds
  /// @param memory in MiB; zero when unknown
  /// @param build its sequence number
  void setRun(int action, int took, int memory, int build) {
    millis[action] = took;
    mebibytes[action] = memory;
    ranIn[action] = build;
    changedActions.set(action);
  }

  boolean isChanged() {
    return !changedSources.isEmpty() || !changedActions.isEmpty();
  }

  void clearChanges() {
    changedSources.clear();
    changedActions.clear();
  }

  byte[] encode() {
    RecordWriter out = new RecordWriter();
    sources.writeTo(out);
    outputs.writeTo(out);
    out.putLongs(keys, keys.length);
    out.putInts(millis, millis.length);
    out.putInts(mebibytes, mebibytes.length);
    out.putInts(ranIn, ranIn.length);
    return out.toBytes();
  }

  static Results decode(byte[] bytes, Plan plan) {
    RecordReader in = new RecordReader(bytes);
    return new Results(
        ContentTable.read(plan.sourceCount(), in),
        ContentTable.read(plan.outputCount(), in),
        in.getLongs(plan.actionCount() * KEY_WORDS),
        in.getInts(plan.actionCount()),
        in.getInts(plan.actionCount()),
        in.getInts(plan.actionCount()));
  }

  byte[] encodeChanges(Plan plan) {
    RecordWriter out = new RecordWriter();
    out.putInt(changedSources.cardinality());
    changedSources.stream()
        .forEach(source -> {
          out.putInt(source);
          sources.writeRow(source, out);
        });
    out.putInt(changedActions.cardinality());
    changedActions.stream()
        .forEach(action -> {
          out.putInt(action).putInt(millis[action]).putInt(mebibytes[action]);
          out.putInt(ranIn[action]);
          for (int word = 0; word < KEY_WORDS; word++) {
            out.putLong(keys[action * KEY_WORDS + word]);
          }
          for (int o = plan.firstOutput(action); o < plan.firstOutput(action + 1); o++) {
            outputs.writeRow(o, out);
          }
        });
    return out.toBytes();
  }

  void applyChanges(byte[] changes, Plan plan) {
    RecordReader in = new RecordReader(changes);
    for (int left = in.getInt(); left > 0; left--) {
      sources.readRow(in.getInt(), in);
    }
    for (int left = in.getInt(); left > 0; left--) {
      int action = in.getInt();
      millis[action] = in.getInt();
      mebibytes[action] = in.getInt();
      ranIn[action] = in.getInt();
      for (int word = 0; word < KEY_WORDS; word++) {
        keys[action * KEY_WORDS + word] = in.getLong();
      }
      for (int o = plan.firstOutput(action); o < plan.firstOutput(action + 1); o++) {
        outputs.readRow(o, in);
      }
    }
  }
}
