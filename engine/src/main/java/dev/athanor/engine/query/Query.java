package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.tree.RelativePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// A question about targets, in a language that users of other build tools know: target patterns,
/// `+`, `^` and `-`, and the functions of [QueryFunction].
public final class Query {
  private final Source source;
  private final Expression expression;

  private Query(Source source, Expression expression) {
    this.source = source;
    this.expression = expression;
  }

  /// In which order an answer comes. The same workspace gives the same order.
  public enum Order {
    /// By label, but the targets of a path from one end to the other.
    AUTO,
    /// By package, then by name.
    LABEL,
    /// Each target before whatever it depends on, even by ways outside of the answer; where that
    /// leaves a choice, by label.
    DEPS
  }

  /// @param name what messages call the query, such as a file
  /// @throws dev.athanor.engine.UserException when the text is no query; the message shows where
  public static Query parse(String name, String text) {
    Source source = Source.of(name, text);
    return new Query(source, Parser.parse(source));
  }

  /// One query of several words of a command line. Where each is a pattern by itself, as a build
  /// command takes them, they are joined: `//a //b -//c` means `//a + //b - //c`.
  public static String join(List<String> words) {
    boolean patterns =
        words.stream()
            .allMatch(word -> Lexer.isWord(word.startsWith("-") ? word.substring(1) : word));
    if (!patterns || words.size() < 2 || words.getFirst().startsWith("-")) {
      return String.join(" ", words);
    }
    StringBuilder query = new StringBuilder(words.getFirst());
    for (String word : words.subList(1, words.size())) {
      query.append(word.startsWith("-") ? " - " + word.substring(1) : " + " + word);
    }
    return query.toString();
  }

  /// @param here the package that relative patterns belong to
  /// @param universe patterns of what `allrdeps` looks at
  /// @throws dev.athanor.engine.UserException when there is no answer, unless the graph keeps going
  public QueryResult run(TargetGraph graph, RelativePath here, List<String> universe, Order order)
      throws InterruptedException {
    Set<Label> found = new Evaluator(source, graph, here, universe).evaluate(expression);
    List<QueryTarget> targets = new ArrayList<>();
    for (Label label : ordered(graph, found, order)) {
      targets.add(graph.target(label));
    }
    return new QueryResult(graph, targets);
  }

  private Collection<Label> ordered(TargetGraph graph, Set<Label> found, Order order)
      throws InterruptedException {
    boolean path =
        expression instanceof Expression.Call call && call.function() == QueryFunction.SOMEPATH;
    return switch (order) {
      case AUTO -> path ? found : found.stream().sorted().toList();
      case LABEL -> found.stream().sorted().toList();
      case DEPS -> {
        Set<Label> all = new Traversal(graph).dependencies(found, Traversal.UNBOUNDED);
        yield Subgraph.of(graph, all).topological().stream().filter(found::contains).toList();
      }
    };
  }
}
