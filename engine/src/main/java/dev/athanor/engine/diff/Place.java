package dev.athanor.engine.diff;

import com.google.common.collect.ImmutableList;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Somewhere in what is compared: where a format reports what differs there, and has parts compared
/// that have a format of their own.
public final class Place {
  private final Run run;
  private final ImmutableList<String> where;
  private final int depth;

  Place(Run run, List<String> where, int depth) {
    this.run = run;
    this.where = ImmutableList.copyOf(where);
    this.depth = depth;
  }

  /// The place one step further inside.
  public Place in(String step) {
    return new Place(run, ImmutableList.<String>builder().addAll(where).add(step).build(), depth);
  }

  /// Reports a difference here.
  public void add(Aspect aspect, String before, String after) {
    run.findings.add(where, aspect, before, after);
  }

  /// Reports a difference here unless the values are the same.
  public void value(Aspect aspect, String before, String after) {
    if (!before.equals(after)) {
      add(aspect, before, after);
    }
  }

  /// Reports which fields of a header differ; one that a side does not have is empty there.
  public void fields(List<Field> before, List<Field> after) {
    Field.compare(before, after, this);
  }

  /// Counts differences that are there but that nobody wants to hear of one by one.
  public void leaveOut(long count) {
    run.findings.leaveOut(count);
  }

  /// Whether differences are only counted from here on: who knows that there is one need not look.
  public boolean isFull() {
    return run.findings.isFull();
  }

  /// Reports what differs between two contents of this place, by their formats.
  public void compare(Data before, Data after) throws IOException {
    run.compare(before, after, this, depth);
  }

  /// This place, for what a format finds there.
  Place inFormat() {
    return new Place(run, where, depth + 1);
  }

  /// Reports what differs between two contents that have no format.
  public void compareBytes(Data before, Data after) throws IOException {
    HexWindows.compare(before, after, this, Aspect.BYTES);
  }

  /// The same for contents that hold strings, such as compiled code: those are shown as text.
  public void compareStrings(Data before, Data after) throws IOException {
    Strings.compare(before, after, this);
  }

  /// The first byte from `start` on that is not the same, as in [FirstMismatch#from]. What formats
  /// have compared counts; the contents that a comparison is about can always be compared.
  ///
  /// @throws DamagedException when this comparison has compared too much
  long mismatch(long start, Data before, Data after) throws IOException {
    return depth == 0
        ? FirstMismatch.from(start, before, after)
        : run.mismatch(start, before, after);
  }

  /// Does `work`, unless it meets damage: false then, and nothing that it reported stays.
  boolean attempt(Work work) throws IOException {
    return run.attempt(work);
  }

  /// Whether anything is reported while `work` goes on.
  public boolean finds(Work work) throws IOException {
    Findings.Mark mark = run.findings.mark();
    work.run();
    return !run.findings.isEmptySince(mark);
  }

  /// Compares something.
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  /// All that is left in `in`, in memory or in a temporary file; the caller closes it.
  ///
  /// @throws DamagedException when this comparison has unpacked too much
  public Data unpack(InputStream in) throws IOException {
    return run.spool.take(in);
  }

  /// Where blobs are that documents name.
  public BlobStore blobs() {
    return run.blobs;
  }

  /// The contents of a blob; the caller closes them.
  public Data open(Digest blob) throws IOException {
    return run.open(blob);
  }
}
