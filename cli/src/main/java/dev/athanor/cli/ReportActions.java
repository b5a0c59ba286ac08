package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.ShellWords;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The actions of a build for its page: a column for each thing that is told of them.
final class ReportActions {
  /// How many inputs and dependencies are listed of all actions together. Where that is not enough,
  /// those with most are cut.
  private static final int MAX_REFERENCES = 200_000;

  /// How long the commands may be that are shown, each and together.
  private static final int MAX_COMMAND = 2_000;

  private static final int MAX_COMMANDS = 300_000;

  private static final String NO_KEY = ".".repeat(43);
  private static final String NO_DIGEST = ".".repeat(16);

  private final Report report;
  private final Plan plan;
  private final @Nullable BuildState state;
  private final TextTable texts = new TextTable();
  private final int[] starts;
  private final int[] ends;

  ReportActions(Report report, Plan plan) {
    this.report = report;
    this.plan = plan;
    this.state = report.state.orElse(null);
    starts = new int[plan.actionCount()];
    ends = new int[plan.actionCount()];
    for (BuildRecord.Done done : report.record.done()) {
      starts[done.action()] = done.start();
      ends[done.action()] = done.end();
    }
  }

  void write(JsonWriter json) throws IOException {
    json.name("actions").beginObject();
    json.name("count").value(plan.actionCount());
    int[] owners = new int[plan.actionCount()];
    int[] mnemonics = new int[plan.actionCount()];
    int[] platforms = new int[plan.actionCount()];
    for (int number = 0; number < plan.actionCount(); number++) {
      Action action = plan.action(number);
      owners[number] = texts.number(action.owner().toString());
      mnemonics[number] = texts.number(action.mnemonic());
      platforms[number] = texts.number(action.platform());
    }
    column(json, "owner", number -> owners[number]);
    column(json, "mnemonic", number -> mnemonics[number]);
    column(json, "platform", number -> platforms[number]);
    column(json, "state", number -> report.states[number].code);
    column(json, "start", number -> starts[number]);
    column(json, "end", number -> ends[number]);
    column(json, "took", number -> state == null ? 0 : state.millis(number));
    column(json, "memory", number -> state == null ? 0 : state.mebibytes(number));
    column(json, "outputs", number -> plan.firstOutput(number + 1) - plan.firstOutput(number));
    references(json, "input", plan::inputs);
    references(json, "dependency", this::dependencies);
    json.name("keys").value(keys());
    json.endObject();
    ints(json, "critical", CriticalPath.of(plan, this::end).reversed());
    outputs(json);
    json.name("sources").beginArray();
    for (int source = 0; source < plan.sourceCount(); source++) {
      json.value(plan.watchPath(source));
    }
    json.endArray();
    json.name("retried").beginObject();
    for (BuildRecord.Done done : report.record.done()) {
      if (done.attempts() > 1) {
        json.name(String.valueOf(done.action())).value(done.attempts());
      }
    }
    json.endObject();
    json.name("steps").beginArray();
    for (BuildRecord.Step step : report.record.steps()) {
      json.beginArray().value(step.action()).value(step.at()).value(step.what()).endArray();
    }
    json.endArray();
    json.name("failures").beginObject();
    for (BuildRecord.Failure failure : report.record.failures()) {
      json.name(String.valueOf(failure.action())).value(failure.text());
    }
    json.endObject();
    commands(json);
    texts.write(json);
  }

  /// When an action ended that ran to its end; a build waits for others no longer than it takes to
  /// look them up.
  private long end(int action) {
    boolean counts = starts[action] > 0 && report.states[action] != BuildRecord.State.UNFINISHED;
    return counts ? ends[action] : -1;
  }

  private void column(JsonWriter json, String name, IntUnaryOperator value) throws IOException {
    json.name(name).beginArray();
    for (int number = 0; number < plan.actionCount(); number++) {
      json.value(value.applyAsInt(number));
    }
    json.endArray();
  }

  private static void ints(JsonWriter json, String name, List<Integer> values) throws IOException {
    json.name(name).beginArray();
    for (int value : values) {
      json.value(value);
    }
    json.endArray();
  }

  /// The actions that make what an action reads.
  private int[] dependencies(int action) {
    return plan.producers(plan.inputs(action)).stream().toArray();
  }

  /// Two columns: how many references each action has, and how many of them are listed; and the
  /// lists, one behind the other.
  private void references(JsonWriter json, String name, IntFunction<int[]> all) throws IOException {
    int limit = limit(all);
    column(json, name + "Count", action -> all.apply(action).length);
    json.name(name + "Limit").value(limit);
    json.name(name + "List").beginArray();
    for (int action = 0; action < plan.actionCount(); action++) {
      int[] references = all.apply(action);
      for (int i = 0; i < Math.min(limit, references.length); i++) {
        json.value(references[i]);
      }
    }
    json.endArray();
  }

  /// How many references of one action may be listed, so that all together are not too many.
  private int limit(IntFunction<int[]> all) {
    int[] counts =
        IntStream.range(0, plan.actionCount()).map(action -> all.apply(action).length).toArray();
    int limit = Math.max(1, Arrays.stream(counts).max().orElse(1));
    while (limit > 1 && sum(counts, limit) > MAX_REFERENCES) {
      limit = limit * 3 / 4;
    }
    return limit;
  }

  private static long sum(int[] counts, int limit) {
    return Arrays.stream(counts).mapToLong(count -> Math.min(count, limit)).sum();
  }

  /// The hash of each key, one behind the other.
  private String keys() {
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

  /// Path, size and the beginning of the digest of each output. Sizes below zero stand for what has
  /// none: -1 a directory, -2 a symlink, -3 what was not made.
  private void outputs(JsonWriter json) throws IOException {
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
              case Content.File(var digest, _) -> base64(digest, 2).substring(0, 16);
              case Content.Tree(var digest) -> base64(digest, 2).substring(0, 16);
              case Content.Symlink _ -> NO_DIGEST;
              case null -> NO_DIGEST;
            });
      }
    }
    json.endArray();
    json.name("digests").value(digests.toString());
    json.endObject();
  }

  /// What commands are, the most interesting first, as long as there is room.
  private void commands(JsonWriter json) throws IOException {
    json.name("commands").beginObject();
    int room = MAX_COMMANDS;
    BitSet written = new BitSet();
    List<Integer> first = CriticalPath.of(plan, this::end);
    int[] order =
        IntStream.concat(
                first.stream().mapToInt(Integer::intValue),
                IntStream.concat(
                    report.record.done().stream().mapToInt(BuildRecord.Done::action),
                    IntStream.range(0, plan.actionCount())))
            .toArray();
    for (int action : order) {
      if (room > 0 && !written.get(action)) {
        written.set(action);
        if (plan.action(action) instanceof Action.Command command) {
          String text = ShellWords.join(command.argv());
          String shown = text.length() > MAX_COMMAND ? text.substring(0, MAX_COMMAND) + "…" : text;
          json.name(String.valueOf(action)).value(shown);
          room -= shown.length();
        }
      }
    }
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
