package dev.athanor.engine.query.output;

import dev.athanor.engine.loading.Target;
import dev.athanor.engine.query.QueryResult;
import dev.athanor.engine.query.QueryTarget;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.value.Printer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Writes targets as calls of their rules: what a BUILD file comes to, once macros, globs and
/// variables have had their say. Files have no call and are left out.
record BuildText(Appendable out) {

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
      if (value != null && target.attributes().isGiven(attribute.name())
          || attribute.name().equals("name")) {
        out.append("    ").append(attribute.name()).append(" = ");
        value(String.valueOf(target.label().name()).equals(value) ? target.label().name() : value, "    ");
        out.append(",\n");
      }
    }
    out.append(")\n");
  }
}
