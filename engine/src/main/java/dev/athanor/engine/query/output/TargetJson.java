package dev.athanor.engine.query.output;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.query.QueryResult;
import dev.athanor.engine.query.QueryTarget;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Configurable;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/// Writes targets as JSON, one after the other, so that a large answer needs no memory of its own:
///
/// ```
/// {"targets": [
///   {"label", "kind", "location", "rule", "attributes": {name: value}, "explicit": [name],
///    "generator", "dependencies": [label]}
/// ]}
/// ```
///
/// `rule`, `attributes` and `explicit`, the attributes that the BUILD file gives, belong to targets
/// of rules, `generator` to generated files. Where the configuration decides on a value, it is
/// `{"select": {condition: value}}`; where such values are added up, `{"sum": [value]}`.
final class TargetJson {
  private TargetJson() {}

  static void write(QueryResult result, Writer out) throws IOException, InterruptedException {
    JsonWriter json = Json.writer(out);
    json.beginObject().name("targets").beginArray();
    for (QueryTarget target : result.targets()) {
      json.beginObject();
      json.name("label").value(target.label().toString());
      json.name("kind").value(target.kind());
      json.name("location").value(target.location());
      switch (target) {
        case QueryTarget.OfRule(var declared) -> declared(declared, json);
        case QueryTarget.GeneratedFile(_, var maker) ->
            json.name("generator").value(maker.label().toString());
        case QueryTarget.SourceFile _ -> {}
      }
      json.name("dependencies");
      Json.strings(result.dependencies(target), json);
      json.endObject();
    }
    json.endArray().endObject();
    json.flush();
    out.append('\n');
  }

  private static void declared(Target target, JsonWriter json) throws IOException {
    json.name("rule").value(target.rule().name());
    json.name("attributes").beginObject();
    for (Attribute attribute : target.rule().attributes()) {
      Object value = target.attributes().values().get(attribute.name());
      if (value != null) {
        json.name(attribute.name());
        value(value, json);
      }
    }
    json.endObject();
    json.name("explicit");
    Json.strings(target.attributes().given().stream().sorted().toList(), json);
  }

  private static void value(Object value, JsonWriter json) throws IOException {
    switch (value) {
      case Boolean bool -> json.value(bool);
      case Long number -> json.value(number);
      case String text -> json.value(text);
      case Label label -> json.value(label.toString());
      case List<?> list -> {
        json.beginArray();
        for (Object element : list) {
          value(element, json);
        }
        json.endArray();
      }
      case Map<?, ?> map -> {
        json.beginObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.name(entry.getKey().toString());
          value(entry.getValue(), json);
        }
        json.endObject();
      }
      case Configurable choice -> configurable(choice, json);
      default -> throw new IllegalStateException("no value of an attribute: " + value);
    }
  }

  private static void configurable(Configurable value, JsonWriter json) throws IOException {
    if (value.parts().size() == 1) {
      part(value.parts().getFirst(), json);
      return;
    }
    json.beginObject().name("sum").beginArray();
    for (Configurable.Part part : value.parts()) {
      part(part, json);
    }
    json.endArray().endObject();
  }

  private static void part(Configurable.Part part, JsonWriter json) throws IOException {
    switch (part) {
      case Configurable.Part.Plain(var value) -> value(value, json);
      case Configurable.Part.Choice(var branches, var otherwise, _) -> {
        json.beginObject().name("select").beginObject();
        for (Map.Entry<Label, Object> branch : branches.entrySet()) {
          json.name(branch.getKey().toString());
          value(branch.getValue(), json);
        }
        if (otherwise.isPresent()) {
          json.name("//conditions:default");
          value(otherwise.get(), json);
        }
        json.endObject().endObject();
      }
    }
  }
}
