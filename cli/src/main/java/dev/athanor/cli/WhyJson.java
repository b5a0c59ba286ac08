package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.history.SavedBuild;
import dev.athanor.engine.session.Why;
import dev.athanor.engine.why.Cause;
import dev.athanor.engine.why.Explanation;
import java.util.List;
import java.util.Locale;

/// An answer to `why` for programs:
///
/// ```
/// {"target", "since": BUILD, "until": BUILD or absent, "actions": [ACTION]}
/// BUILD  = {"invocation", "request", "configuration", "startedMs", "executed", "cached", "failed",
///           "skipped", "wallMs"}
/// ACTION = {"action", "output", "verdict", "causes": [CAUSE]}
/// CAUSE  = {"cause", and what the cause has: "path", "change", "madeBy": ACTION, "part", "name",
///           "before", "after", "files", "flags"}
/// ```
final class WhyJson {
  private WhyJson() {}

  static JsonObject of(Why.Answer answer) {
    JsonObject json = new JsonObject();
    json.addProperty("target", answer.label().toString());
    answer.since().ifPresent(build -> json.add("since", of(build)));
    answer.until().ifPresent(build -> json.add("until", of(build)));
    JsonArray actions = new JsonArray();
    answer.explanations().forEach(explanation -> actions.add(of(explanation)));
    json.add("actions", actions);
    return json;
  }

  static JsonObject of(SavedBuild build) {
    JsonObject json = new JsonObject();
    json.addProperty("invocation", build.id().toString());
    json.addProperty("request", build.request());
    json.addProperty("configuration", build.configuration());
    json.addProperty("startedMs", build.id().millis());
    json.addProperty("executed", build.executed());
    json.addProperty("cached", build.cached());
    json.addProperty("failed", build.failed());
    json.addProperty("skipped", build.skipped());
    json.addProperty("wallMs", build.millis());
    return json;
  }

  private static JsonObject of(Explanation explanation) {
    JsonObject json = new JsonObject();
    json.addProperty("action", explanation.action());
    json.addProperty("output", explanation.output());
    json.addProperty("verdict", word(explanation.verdict()));
    JsonArray causes = new JsonArray();
    explanation.causes().forEach(cause -> causes.add(of(cause)));
    json.add("causes", causes);
    return json;
  }

  private static JsonObject of(Cause cause) {
    JsonObject json = new JsonObject();
    json.addProperty("cause", cause.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    switch (cause) {
      case Cause.Source(var path, var change) -> {
        json.addProperty("path", path);
        json.addProperty("change", word(change));
      }
      case Cause.Input(var path, var change, var maker) -> {
        json.addProperty("path", path);
        json.addProperty("change", word(change));
        maker.ifPresent(made -> json.add("madeBy", of(made)));
      }
      case Cause.Part(var part, var name, var before, var after) -> {
        json.addProperty("part", part);
        json.addProperty("name", name);
        before.ifPresent(value -> json.addProperty("before", value));
        after.ifPresent(value -> json.addProperty("after", value));
      }
      case Cause.Declaration(var files, var flags) -> {
        json.add("files", array(files));
        json.add("flags", array(flags));
      }
      case Cause.New(), Cause.Unfinished(), Cause.Lost(), Cause.Uncacheable() -> {}
    }
    return json;
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
