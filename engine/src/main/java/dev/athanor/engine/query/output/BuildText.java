package dev.athanor.engine.query.output;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.query.QueryResult;
import dev.athanor.engine.query.QueryTarget;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Configurable;
import dev.athanor.engine.starlark.value.Printer;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes targets as calls of their rules: what a BUILD file comes to once macros, globs and
/// variables have had their say. Files have no call and are left out.
record BuildText(Writer out) {
  private static final String STEP = "    ";

  void write(QueryResult result) throws IOException {
    String gap = "";
    for (QueryTarget target : result.targets()) {
      if (target instanceof QueryTarget.OfRule(var declared)) {
        out.append(gap);
        call(declared);
        gap = "\n";
      }
    }
  }

  private void call(Target target) throws IOException {
    out.append("# ").append(target.location()).append('\n');
    out.append(target.rule().name()).append("(\n");
    for (Attribute attribute : target.rule().attributes()) {
      Object value = target.attributes().values().get(attribute.name());
      boolean named = attribute.name().equals("name");
      if (value != null && (named || target.attributes().isGiven(attribute.name()))) {
        out.append(STEP).append(attribute.name()).append(" = ");
        out.append(text(value, STEP)).append(",\n");
      }
    }
    out.append(")\n");
  }

  /// A value in the build language; what does not fit on its line is indented by `indent` and more.
  private static String text(Object value, String indent) {
    return switch (value) {
      case Boolean bool -> bool ? "True" : "False";
      case Long number -> number.toString();
      case String text -> quoted(text);
      case Label label -> quoted(label.toString());
      case List<?> list ->
          listed(
              "[",
              list.stream().map(element -> text(element, indent + STEP)).toList(),
              "]",
              indent);
      case Map<?, ?> map -> {
        List<String> entries = new ArrayList<>();
        map.forEach(
            (key, element) -> entries.add(text(key, indent) + ": " + text(element, indent + STEP)));
        yield listed("{", entries, "}", indent);
      }
      case Configurable choice ->
          String.join(" + ", choice.parts().stream().map(part -> text(part, indent)).toList());
      default -> throw new IllegalStateException("no value of an attribute: " + value);
    };
  }

  private static String text(Configurable.Part part, String indent) {
    return switch (part) {
      case Configurable.Part.Plain(var value) -> text(value, indent);
      case Configurable.Part.Choice(var branches, var otherwise, _) -> {
        List<String> entries = new ArrayList<>();
        branches.forEach(
            (label, value) -> entries.add(text(label, indent) + ": " + text(value, indent + STEP)));
        otherwise.ifPresent(
            value -> entries.add("\"//conditions:default\": " + text(value, indent + STEP)));
        yield "select(" + listed("{", entries, "}", indent) + ")";
      }
    };
  }

  /// One line for one element, otherwise a line for each.
  private static String listed(String open, List<String> elements, String close, String indent) {
    if (elements.size() < 2) {
      return open + String.join("", elements) + close;
    }
    String inner = "\n" + indent + STEP;
    return open + inner + String.join("," + inner, elements) + ",\n" + indent + close;
  }

  private static String quoted(String text) {
    return new Printer().repr(text).toString();
  }
}
