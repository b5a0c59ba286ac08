package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the actions of a build made, for its page. Hashes stand in one text, each as long as all
/// others: in Base64, which is a third shorter than hex digits.
final class ReportOutputs {
  private static final String NO_KEY = ".".repeat(43);
  private static final String NO_DIGEST = ".".repeat(16);

  private final Report report;
  private final Plan plan;
  private final @Nullable BuildState state;

  ReportOutputs(Report report, Plan plan) {
    this.report = report;
    this.plan = plan;
    this.state = report.state.orElse(null);
  }

  /// The hash of each key, one behind the other.
  String keys() {
    StringBuilder keys = new StringBuilder();
    for (int action = 0; action < plan.actionCount(); action++) {
      Digest key = state == null || report.isBad(action) ? null : state.key(action);
      keys.append(key == null ? NO_KEY : base64(key, 4));
    }
    return keys.toString();
  }

  /// @param words how many words of its hash
  private static String base64(Digest digest, int words) {
    ByteBuffer bytes = ByteBuffer.allocate(words * Long.BYTES);
    long[] all = {
      digest.hash().word0(), digest.hash().word1(), digest.hash().word2(), digest.hash().word3()
    };
    for (int i = 0; i < words; i++) {
      bytes.putLong(all[i]);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  private static String beginning(Digest digest) {
    return base64(digest, 2).substring(0, NO_DIGEST.length());
  }

  /// Path, size and the beginning of the digest of each output. Sizes below zero stand for what has
  /// none: -1 a directory, -2 a symlink, -3 what was not made.
  void write(JsonWriter json) throws IOException {
    json.name("outputs").beginObject();
    json.name("path").beginArray();
    for (int output = 0; output < plan.outputCount(); output++) {
      json.value(plan.outputPath(output));
    }
    json.endArray();
    StringBuilder digests = new StringBuilder();
    json.name("size").beginArray();
    for (int action = 0; action < plan.actionCount(); action++) {
      for (int o = plan.firstOutput(action); o < plan.firstOutput(action + 1); o++) {
        Content content = state == null || report.isBad(action) ? null : state.output(o);
        switch (content) {
          case null -> json.value(-3);
          case Content.File(var digest, _) -> json.value(digest.size());
          case Content.Tree _ -> json.value(-1);
          case Content.Symlink _ -> json.value(-2);
        }
        digests.append(
            switch (content) {
              case Content.File(var digest, _) -> beginning(digest);
              case Content.Tree(var digest) -> beginning(digest);
              case Content.Symlink _ -> NO_DIGEST;
              case null -> NO_DIGEST;
            });
      }
    }
    json.endArray();
    json.name("digests").value(digests.toString());
    json.endObject();
  }

  /// Whether an action ran, or was looked up, and made what it had made before.
  static boolean madeTheSame(Report report, int action, BuildState before, int old) {
    BuildState after = report.state.orElse(null);
    boolean anew =
        switch (report.states[action]) {
          case EXECUTED, CACHED, CACHED_REMOTELY -> true;
          case UP_TO_DATE, UNCHANGED, FAILED, SKIPPED, UNFINISHED -> false;
        };
    if (after == null || !anew) {
      return false;
    }
    int first = after.plan().firstOutput(action);
    int count = after.plan().firstOutput(action + 1) - first;
    int oldFirst = before.plan().firstOutput(old);
    if (count != before.plan().firstOutput(old + 1) - oldFirst) {
      return false;
    }
    return IntStream.range(0, count)
        .allMatch(i ->
            after.plan().outputPath(first + i).equals(before.plan().outputPath(oldFirst + i))
                && Objects.equals(after.output(first + i), before.output(oldFirst + i)));
  }
}
