package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.plan.Plan;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes what happened when to a file, as Chrome's trace viewer and its kin read it: the phases of
/// the build, the actions that ran, and the chain of them that the end of the build waited for.
final class Profile implements EventSink, AutoCloseable {
  private static final int CRITICAL_PATH = 0;
  private static final int PHASES = 1;
  private static final int FIRST_LANE = 2;

  private final Path file;
  private final long began = System.nanoTime();
  private final List<Span> spans = new ArrayList<>();
  private final Map<Integer, Span> ran = new HashMap<>();
  private final Map<Integer, Open> running = new HashMap<>();
  private final BitSet lanes = new BitSet();
  private @Nullable Plan plan;
  private String phase = "start";
  private long phaseBegan;

  /// What took some time.
  ///
  /// @param start microseconds since the profile began, as is `end`
  private record Span(
      String name, String category, int lane, long start, long end, String outcome) {}

  private record Open(String name, String category, int lane, long start) {}

  Profile(Path file) {
    this.file = file;
  }

  @Override
  public synchronized void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.Loading _ -> phase("load and analyse");
      case BuildEvent.Executing(_, var state, _) -> {
        plan = state.plan();
        phase("execute");
      }
      case BuildEvent.ActionStarted(var number, var action, _) -> {
        int lane = lanes.nextClearBit(0);
        lanes.set(lane);
        running.put(
            number, new Open(action.describe(), action.mnemonic(), FIRST_LANE + lane, now()));
      }
      case BuildEvent.ActionFinished(var number, _, var outcome, _) -> finished(number, outcome);
      case BuildEvent.Finished _ -> phase("finish");
      case BuildEvent.ActionProgress _,
          BuildEvent.SandboxChosen _,
          BuildEvent.Verifying _,
          BuildEvent.Notice _ -> {}
    }
  }

  private void finished(int number, Outcome outcome) {
    Open open = running.remove(number);
    if (open != null) {
      lanes.clear(open.lane - FIRST_LANE);
      Span span = new Span(open.name, open.category, open.lane, open.start, now(), word(outcome));
      spans.add(span);
      ran.put(number, span);
    }
  }

  private static String word(Outcome outcome) {
    return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private void phase(String next) {
    long now = now();
    spans.add(new Span(phase, "phase", PHASES, phaseBegan, now, ""));
    phase = next;
    phaseBegan = now;
  }

  private long now() {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
  }

  private List<Span> criticalPath() {
    Plan known = plan;
    return known == null
        ? List.of()
        : CriticalPath.of(known, this::end).stream()
            .map(action -> Objects.requireNonNull(ran.get(action)))
            .toList();
  }

  private long end(int action) {
    Span span = ran.get(action);
    return span == null ? -1 : span.end;
  }

  @Override
  public synchronized void close() {
    phase("");
    try (BufferedWriter out = Files.newBufferedWriter(file);
        JsonWriter json = new JsonWriter(out)) {
      json.beginObject().name("traceEvents").beginArray();
      track(json, CRITICAL_PATH, "critical path");
      track(json, PHASES, "phases");
      for (int lane = 0; lane < laneCount(); lane++) {
        track(json, FIRST_LANE + lane, "action " + (lane + 1));
      }
      for (Span span : spans) {
        write(json, span, span.lane);
      }
      for (Span span : criticalPath()) {
        write(json, span, CRITICAL_PATH);
      }
      json.endArray().name("displayTimeUnit").value("ms").endObject();
    } catch (IOException e) {
      throw new UserException("cannot write the profile to " + file + ": " + e.getMessage(), "", e);
    }
  }

  private int laneCount() {
    return spans.stream().mapToInt(span -> span.lane).max().orElse(0) - FIRST_LANE + 1;
  }

  private static void track(JsonWriter json, int lane, String name) throws IOException {
    json.beginObject().name("name").value("thread_name").name("ph").value("M");
    json.name("pid").value(1).name("tid").value(lane);
    json.name("args").beginObject().name("name").value(name).endObject().endObject();
  }

  private static void write(JsonWriter json, Span span, int lane) throws IOException {
    json.beginObject().name("name").value(span.name).name("cat").value(span.category);
    json.name("ph").value("X").name("pid").value(1).name("tid").value(lane);
    json.name("ts").value(span.start).name("dur").value(span.end - span.start);
    if (!span.outcome.isEmpty()) {
      json.name("args").beginObject().name("outcome").value(span.outcome).endObject();
    }
    json.endObject();
  }
}
