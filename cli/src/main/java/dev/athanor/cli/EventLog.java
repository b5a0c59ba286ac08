package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes events to a file, one JSON object a line.
final class EventLog implements EventSink, AutoCloseable {
  private final PrintWriter out;

  EventLog(Path file) {
    try {
      out = new PrintWriter(Files.newBufferedWriter(file));
    } catch (IOException e) {
      throw new UserException("cannot write events to " + file + ": " + e.getMessage(), "", e);
    }
  }

  @Override
  public synchronized void post(BuildEvent event) {
    JsonObject json = new JsonObject();
    switch (event) {
      case BuildEvent.Loading(var targets) -> {
        json.addProperty("event", "loading");
        json.addProperty("targets", String.join(" ", targets));
      }
      case BuildEvent.Executing(var id, var state, var toDo) -> {
        json.addProperty("event", "executing");
        json.addProperty("invocation", id.toString());
        json.addProperty("actions", state.plan().actionCount());
        json.addProperty("upToDate", state.plan().actionCount() - toDo.cardinality());
      }
      case BuildEvent.ActionStarted(_, var action, var at) -> {
        describe(json, "actionStarted", action);
        json.addProperty("atMs", at.toMillis());
      }
      case BuildEvent.ActionProgress(var number, var what, var done, var total) -> {
        json.addProperty("event", "actionProgress");
        json.addProperty("number", number);
        json.addProperty("what", what);
        json.addProperty("done", done);
        json.addProperty("total", total);
      }
      case BuildEvent.ActionFinished(_, var action, var outcome, var at) -> {
        describe(json, "actionFinished", action);
        json.addProperty("atMs", at.toMillis());
        describe(json, outcome);
      }
      case BuildEvent.SandboxChosen(var name, var hermetic, var rejected) -> {
        json.addProperty("event", "sandbox");
        json.addProperty("name", name);
        json.addProperty("hermetic", hermetic);
        JsonArray reasons = new JsonArray();
        rejected.forEach(reasons::add);
        json.add("rejected", reasons);
      }
      case BuildEvent.Verifying(var what, var done, var of, var findings) -> {
        json.addProperty("event", "verifying");
        json.addProperty("action", what);
        json.addProperty("done", done);
        json.addProperty("of", of);
        json.addProperty("findings", findings);
      }
      case BuildEvent.Notice(var message) -> {
        json.addProperty("event", "notice");
        json.addProperty("message", message);
      }
      case BuildEvent.Finished(var summary) -> {
        json.addProperty("event", "finished");
        json.addProperty("executed", summary.executed());
        json.addProperty("cached", summary.cached());
        json.addProperty("failed", summary.failed());
        json.addProperty("skipped", summary.skipped());
        json.addProperty("wallMs", summary.wall().toMillis());
      }
    }
    out.println(json);
  }

  @Override
  public synchronized void close() {
    out.close();
  }

  private static void describe(JsonObject json, String event, Action action) {
    json.addProperty("event", event);
    json.addProperty("action", action.mnemonic());
    json.addProperty("target", action.owner().toString());
    if (!action.platform().isEmpty()) {
      json.addProperty("platform", action.platform());
    }
    json.addProperty("output", action.outputs().getFirst().visiblePath().text());
  }

  private static void describe(JsonObject json, Outcome outcome) {
    switch (outcome) {
      case Outcome.Executed(_, var result, var wall, var attempts) -> {
        json.addProperty("outcome", "executed");
        json.addProperty("wallMs", wall.toMillis());
        json.addProperty("hermetic", result.hermetic());
        if (attempts > 1) {
          json.addProperty("attempts", attempts);
        }
      }
      case Outcome.CacheHit(_, var result) -> {
        json.addProperty("outcome", "cached");
        json.addProperty("hermetic", result.hermetic());
      }
      case Outcome.UpToDate _ -> json.addProperty("outcome", "upToDate");
      case Outcome.Failed(var message, _, _) -> {
        json.addProperty("outcome", "failed");
        json.addProperty("message", message);
      }
      case Outcome.Skipped(var because) -> {
        json.addProperty("outcome", "skipped");
        json.addProperty("because", because.toString());
      }
    }
  }
}
