package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// A file of queries with their answers, divided by lines of `---`.
///
/// Above the line `=>` stands the query, below it what comes of it: the labels in order, then a
/// line `! message` for each thing left out; or, below `=> error`, the whole message, with a caret
/// where the query is wrong, and the hint. Lines that begin with `#` tell what the case is about;
/// `#+` sets an option: `order deps`, `here pkg`, `universe pattern`, `keep-going`, `explicit`.
record QueryScript(String name, List<Case> cases) {
  static final List<String> NAMES =
      List.of("syntax", "patterns", "functions", "attributes", "paths", "order", "broken");

  /// @param line of the file on which it begins
  record Case(int line, Set<String> options, String query, String expected) {
    /// What comes of it, written as in the file.
    String run(QueryWorkspace workspace) throws InterruptedException {
      try {
        TargetGraph graph =
            workspace.targets(options.contains("keep-going"), !options.contains("explicit"));
        QueryResult result =
            Query.parse("query", query)
                .run(graph, RelativePath.of(option("here", "")), universe(), order());
        StringBuilder answer = new StringBuilder("=>\n");
        result.targets().forEach(target -> answer.append(target.label()).append('\n'));
        result.errors().forEach(error -> answer.append("! ").append(text(error)).append('\n'));
        return answer.toString().stripTrailing();
      } catch (UserException e) {
        return "=> error\n" + text(e);
      }
    }

    private static String text(UserException e) {
      return e.getMessage() + e.hint().map(hint -> "\nhint: " + hint).orElse("");
    }

    private Query.Order order() {
      return Query.Order.valueOf(option("order", "auto").toUpperCase(Locale.ROOT));
    }

    private List<String> universe() {
      return List.of(option("universe", "//..."));
    }

    private String option(String name, String otherwise) {
      return options.stream()
          .filter(option -> option.startsWith(name + " "))
          .map(option -> option.substring(name.length() + 1))
          .findFirst()
          .orElse(otherwise);
    }
  }

  static QueryScript read(String name) {
    return parse(name, QueryWorkspace.text("scripts/" + name + ".query"));
  }

  static QueryScript parse(String name, String text) {
    List<Case> cases = new ArrayList<>();
    int line = 1;
    for (String chunk : text.split("(?m)^---$\n?", -1)) {
      cases.add(parse(line, chunk));
      line += (int) chunk.chars().filter(c -> c == '\n').count() + 1;
    }
    return new QueryScript(name, List.copyOf(cases));
  }

  private static Case parse(int line, String chunk) {
    int arrow = chunk.indexOf("=>");
    if (arrow < 0) {
      throw new IllegalArgumentException("line " + line + ": no =>");
    }
    Set<String> options = new TreeSet<>();
    List<String> query = new ArrayList<>();
    for (String written : chunk.substring(0, arrow).stripTrailing().split("\n", -1)) {
      if (written.startsWith("#+")) {
        options.add(written.substring(2).strip());
      } else if (!written.startsWith("#")) {
        query.add(written);
      }
    }
    String expected = chunk.substring(arrow).stripTrailing();
    return new Case(line, options, String.join("\n", query), expected);
  }
}
