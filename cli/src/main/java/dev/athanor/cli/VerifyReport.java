package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.verify.Advice;
import dev.athanor.engine.verify.Cause;
import dev.athanor.engine.verify.Verdict;
import dev.athanor.engine.verify.Verified;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `verify` found: lines for people, or one JSON object for programs.
record VerifyReport(List<Verified> actions, BuildResult build) {
  /// How many differences of one cause are told to people at a terminal.
  private static final int SHOWN = 8;

  VerifyReport {
    actions = List.copyOf(actions);
  }

  boolean deterministic() {
    return unstable().isEmpty();
  }

  List<Verified> unstable() {
    return actions.stream().filter(it -> it.verdict() instanceof Verdict.Unstable).toList();
  }

  /// What is told of each action that is not deterministic, and one line for all.
  List<String> text() {
    List<String> lines = new ArrayList<>();
    for (Verified action : unstable()) {
      if (action.verdict() instanceof Verdict.Unstable(_, _, var causes)) {
        lines.add("not deterministic: " + action.description() + " (" + action.output() + ")");
        causes.forEach(cause -> lines.addAll(text(cause)));
        lines.add("");
      }
    }
    lines.addAll(notVaried());
    lines.add(total());
    return lines;
  }

  /// Indented.
  static List<String> text(Cause cause) {
    List<String> lines = new ArrayList<>();
    lines.add("  " + Advice.reason(cause));
    cause.differences().stream()
        .limit(SHOWN)
        .flatMap(difference -> DifferenceText.lines(difference).stream())
        .forEach(line -> lines.add("    " + line));
    if (cause.differences().size() > SHOWN) {
      lines.add("    and " + (cause.differences().size() - SHOWN) + " more differences");
    }
    Advice.fixes(cause).forEach(fix -> lines.add("  hint: " + fix));
    return lines;
  }

  /// What could not be varied, and for how many actions.
  List<String> notVaried() {
    Map<Factor, Integer> counts = new EnumMap<>(Factor.class);
    for (Verified action : actions) {
      notVaried(action.verdict()).forEach(factor -> counts.merge(factor, 1, (a, b) -> a + b));
    }
    if (counts.isEmpty()) {
      return List.of();
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((factor, count) -> parts.add(factor.id() + " (" + count(count, "action") + ")"));
    return List.of("not varied, because the sandbox cannot: " + String.join(", ", parts));
  }

  private static Collection<Factor> notVaried(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Stable(_, var not, _) -> not;
      case Verdict.Unstable(_, var not, _) -> not;
      case Verdict.NotVerified _ -> List.of();
    };
  }

  String total() {
    long known = actions.stream().filter(VerifyReport::isKnown).count();
    long stable = actions.stream().filter(it -> it.verdict() instanceof Verdict.Stable).count();
    long open = actions.stream().filter(it -> it.verdict() instanceof Verdict.NotVerified).count();
    List<String> parts = new ArrayList<>();
    parts.add(stable + " deterministic" + (known > 0 ? " (" + known + " known)" : ""));
    if (!deterministic()) {
      parts.add(unstable().size() + " not deterministic");
    }
    if (open > 0) {
      parts.add(open + " not verified");
    }
    return count(actions.size(), "action") + ": " + String.join(", ", parts);
  }

  private static boolean isKnown(Verified action) {
    return action.verdict() instanceof Verdict.Stable(_, _, var known) && known;
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  JsonObject json() {
    JsonObject json = BuildReport.summary(build);
    json.addProperty("deterministic", deterministic());
    JsonArray all = new JsonArray();
    actions.forEach(action -> all.add(json(action)));
    json.add("actions", all);
    return json;
  }

  private static JsonObject json(Verified action) {
    JsonObject json = new JsonObject();
    json.addProperty("label", action.owner().toString());
    json.addProperty("action", action.description());
    json.addProperty("output", action.output());
    switch (action.verdict()) {
      case Verdict.Stable(var varied, var not, var known) -> {
        json.addProperty("verdict", "deterministic");
        json.addProperty("known", known);
        json.add("varied", ids(varied));
        json.add("notVaried", ids(not));
      }
      case Verdict.Unstable(var varied, var not, var causes) -> {
        json.addProperty("verdict", "not deterministic");
        json.add("varied", ids(varied));
        json.add("notVaried", ids(not));
        JsonArray array = new JsonArray();
        causes.forEach(cause -> array.add(json(cause)));
        json.add("causes", array);
      }
      case Verdict.NotVerified(var reason) -> {
        json.addProperty("verdict", "not verified");
        json.addProperty("reason", reason);
      }
    }
    json.addProperty("runs", action.runs());
    json.addProperty("wallMs", action.wall().toMillis());
    return json;
  }

  private static JsonObject json(Cause cause) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", cause.kind().name().toLowerCase(Locale.ROOT));
    json.add("factors", ids(cause.factors()));
    json.addProperty("reason", Advice.reason(cause));
    JsonArray hints = new JsonArray();
    Advice.fixes(cause).forEach(hints::add);
    json.add("hints", hints);
    json.add("differences", DifferenceText.json(cause.differences()));
    return json;
  }

  private static JsonArray ids(Collection<Factor> factors) {
    JsonArray array = new JsonArray();
    factors.forEach(factor -> array.add(factor.id()));
    return array;
  }
}
