package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.ShellWords;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
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

  private static final int MAX_COMMANDS = 120_000;

  private final Report report;
  private final Plan plan;
  private final @Nullable BuildState state;
  private final TextTable texts = new TextTable();
  private final ReportOutputs made;
  private final int[] starts;
  private final int[] ends;

  ReportActions(Report report, Plan plan) {
    this.report = report;
    this.plan = plan;
    this.state = report.state.orElse(null);
    this.made = new ReportOutputs(report, plan);
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
    json.name("keys").value(made.keys());
    json.endObject();
    ints(json, "critical", CriticalPath.of(plan, this::end).reversed());
    made.write(json);
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
}
