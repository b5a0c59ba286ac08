package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.plan.Plan;
import dev.athanor.engine.session.Why;
import dev.athanor.engine.why.Cause;
import dev.athanor.engine.why.Explanation;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Why the actions of a build ran, for its page: for each action that was looked at its causes, and
/// the actions that made the same as before.
///
/// A cause is an array that begins with its kind; see [#write(Cause,Map,JsonWriter)]. Values of
/// environment variables are left out: a page is for more people than the build's own log.
final class ReportCauses {
  /// How many causes of one action are listed.
  private static final int MANY = 50;

  private static final int MAX_VALUE = 200;

  /// How many files and flags of a declaration are listed.
  private static final int MAX_FILES = 20;

  /// How many characters all causes together may have, more or less: the page is to stay small.
  private static final int MAX_TEXT = 1_500_000;

  private int text;

  private ReportCauses() {}

  static void write(Report report, Plan plan, JsonWriter json) throws IOException {
    new ReportCauses().writeAll(report, plan, json);
  }

  private void writeAll(Report report, Plan plan, JsonWriter json) throws IOException {
    Map<String, Integer> outputs = HashMap.newHashMap(plan.outputCount());
    for (int output = 0; output < plan.outputCount(); output++) {
      outputs.put(plan.outputPath(output), output);
    }
    json.name("causes").beginObject();
    List<Explanation> all = report.review.map(Why.Review::explanations).orElse(List.of());
    for (int action = 0; action < all.size(); action++) {
      List<Cause> causes = all.get(action).causes();
      if (report.states[action] != BuildRecord.State.UP_TO_DATE && !causes.isEmpty()) {
        json.name(String.valueOf(action)).beginArray();
        int many = text < MAX_TEXT ? MANY : 1;
        for (Cause cause : causes.subList(0, Math.min(many, causes.size()))) {
          write(cause, outputs, json);
        }
        if (causes.size() > many) {
          json.beginArray().value("more").value(causes.size() - many).endArray();
        }
        json.endArray();
      }
    }
    json.endObject();
    json.name("same").beginArray();
    Optional<BuildState> before = report.review.flatMap(Why.Review::before);
    if (before.isPresent()) {
      Map<String, Integer> old = before.get().plan().actionsByName();
      for (int action = 0; action < plan.actionCount(); action++) {
        Integer was = old.get(plan.name(action));
        if (was != null && ReportOutputs.madeTheSame(report, action, before.get(), was)) {
          json.value(action);
        }
      }
    }
    json.endArray();
  }

  /// ```
  /// ["source", path, change]             ["input", number of the output, change]
  /// ["part", part, name, before, after]  ["declaration", [files], [flags]]
  /// ["input", path, "removed"]           where there is no such output any more
  /// ["new"] ["unfinished"] ["lost"] ["uncacheable"] ["more", how many]
  /// ```
  private void write(Cause cause, Map<String, Integer> outputs, JsonWriter json)
      throws IOException {
    json.beginArray();
    json.value(cause.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    switch (cause) {
      case Cause.Source(var path, var change) -> json.value(path).value(word(change));
      case Cause.Input(var path, var change, _) -> {
        Integer output = outputs.get(path);
        if (output == null) {
          json.value(path);
        } else {
          json.value(output);
        }
        json.value(word(change));
      }
      case Cause.Part(var part, var name, var before, var after) -> {
        boolean secret = isPrivate(part, name);
        int at = secret ? 0 : common(before.orElse(""), after.orElse(""));
        json.value(part).value(name).value(shown(before, secret, at));
        json.value(shown(after, secret, at));
      }
      case Cause.Declaration(var files, var flags) -> {
        list(files, json);
        list(flags, json);
      }
      case Cause.New(), Cause.Unfinished(), Cause.Lost(), Cause.Uncacheable() -> {}
    }
    json.endArray();
  }

  /// Whether a part of a key has values of environment variables: those of a command, of a command
  /// that runs in an image, and of an image's configuration.
  private static boolean isPrivate(String part, String name) {
    return switch (part) {
      case "environment" -> true;
      case "parameter" -> name.startsWith("env:") || name.equals("edits");
      default -> false;
    };
  }

  private void list(List<String> all, JsonWriter json) throws IOException {
    json.beginArray();
    for (String each : all.subList(0, Math.min(MAX_FILES, all.size()))) {
      json.value(each);
      text += each.length();
    }
    if (all.size() > MAX_FILES) {
      json.value("… and " + (all.size() - MAX_FILES) + " more");
    }
    json.endArray();
  }

  private String shown(Optional<String> value, boolean secret, int at) {
    if (value.isEmpty()) {
      return "";
    } else if (secret) {
      return "(a value)";
    }
    String whole = value.get();
    int start = at <= MAX_VALUE / 2 ? 0 : at - MAX_VALUE / 3;
    int end = Math.min(whole.length(), start + MAX_VALUE);
    text += end - start;
    return (start > 0 ? "…" : "") + whole.substring(start, end) + (end < whole.length() ? "…" : "");
  }

  /// Where two texts begin to differ.
  private static int common(String a, String b) {
    int i = 0;
    while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  private static String word(Cause.Change change) {
    return change.name().toLowerCase(Locale.ROOT);
  }
}
