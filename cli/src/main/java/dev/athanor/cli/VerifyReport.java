package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.verify.Advice;
import dev.athanor.engine.verify.Cause;
import dev.athanor.engine.verify.FindingText;
import dev.athanor.engine.verify.Verdict;
import dev.athanor.engine.verify.Verified;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What `verify` found: lines for people, or one JSON object for programs.
///
/// @param seed of the sample, where only one was looked at
record VerifyReport(List<Verified> actions, BuildResult build, Optional<Long> seed) {
  VerifyReport {
    actions = List.copyOf(actions);
  }

  boolean deterministic() {
    return unstable().isEmpty();
  }

  /// Whether everything was made that there is to verify.
  boolean built() {
    return build.summary().success();
  }

  /// Whether something could not be found out.
  boolean broken() {
    return actions.stream()
        .anyMatch(it -> it.verdict() instanceof Verdict.NotVerified(_, var broken, _) && broken);
  }

  List<Verified> unstable() {
    return actions.stream().filter(it -> it.verdict() instanceof Verdict.Unstable).toList();
  }

  /// What is told of each action that is not deterministic, and one line for all.
  List<String> text() {
    List<String> lines = new ArrayList<>();
    for (Verified action : unstable()) {
      lines.addAll(FindingText.of(action));
      lines.add("");
    }
    for (Verified action : actions) {
      if (action.verdict() instanceof Verdict.NotVerified(var reason, var broken, _) && broken) {
        lines.add("not verified: " + action.description() + ": " + reason);
      }
    }
    FindingText.notVaried(actions).ifPresent(lines::add);
    seed.ifPresent(number -> lines.add("the sample is that of --sample-seed=" + number));
    lines.add(total());
    return lines;
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
    json.addProperty("deterministic", deterministic() && built());
    seed.ifPresent(number -> json.addProperty("sampleSeed", number));
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
      case Verdict.NotVerified(var reason, _, _) -> {
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
    json.add("differences", DifferenceJson.of(cause.differences()));
    return json;
  }

  private static JsonArray ids(Collection<Factor> factors) {
    JsonArray array = new JsonArray();
    factors.forEach(factor -> array.add(factor.id()));
    return array;
  }
}
