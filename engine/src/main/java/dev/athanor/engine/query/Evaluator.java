package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.tree.RelativePath;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds out which targets an expression stands for. Sets are never changed once somebody else has
/// them. Their order carries no meaning but in a path.
final class Evaluator {
  final Source source;
  final TargetGraph graph;
  private final Patterns patterns;
  private final List<String> universe;
  private final Map<String, Set<Label>> variables = new HashMap<>();

  /// @param here the package that relative patterns belong to
  /// @param universe patterns of what `allrdeps` looks at
  Evaluator(Source source, TargetGraph graph, RelativePath here, List<String> universe) {
    this.source = source;
    this.graph = graph;
    this.patterns = new Patterns(graph, here);
    this.universe = universe;
  }

  Set<Label> evaluate(Expression expression) throws InterruptedException {
    return switch (expression) {
      case Expression.Pattern pattern -> expand(pattern);
      case Expression.Variable variable -> value(variable);
      case Expression.Let let -> let(let);
      case Expression.Words(var words, _) -> {
        Set<Label> all = new LinkedHashSet<>();
        for (Expression.Pattern word : words) {
          all.addAll(expand(word));
        }
        yield all;
      }
      case Expression.Chain chain -> chain(chain);
      case Expression.Call call -> new CallEvaluation(this, call).run();
    };
  }

  /// What `allrdeps` looks at.
  Set<Label> universe() throws InterruptedException {
    Set<Label> all = new LinkedHashSet<>();
    for (String pattern : universe) {
      all.addAll(patterns.expand(pattern));
    }
    return all;
  }

  private Set<Label> expand(Expression.Pattern pattern) throws InterruptedException {
    try {
      return patterns.expand(pattern.text());
    } catch (BrokenPackage e) {
      graph.fail(e);
    } catch (UserException e) {
      graph.fail(new QueryException(source, pattern.position(), e));
    }
    return Set.of();
  }

  private Set<Label> chain(Expression.Chain chain) throws InterruptedException {
    Set<Label> result = new LinkedHashSet<>(evaluate(chain.first()));
    for (Expression.Step step : chain.steps()) {
      Set<Label> operand = evaluate(step.operand());
      switch (step.operator()) {
        case UNION -> result.addAll(operand);
        case INTERSECT -> result.removeIf(label -> !operand.contains(label));
        case EXCEPT -> operand.forEach(result::remove);
      }
    }
    return result;
  }

  private Set<Label> let(Expression.Let let) throws InterruptedException {
    Set<Label> value = evaluate(let.value());
    Set<Label> hidden = variables.put(let.name(), value);
    Set<Label> result = evaluate(let.body());
    if (hidden == null) {
      variables.remove(let.name());
    } else {
      variables.put(let.name(), hidden);
    }
    return result;
  }

  private Set<Label> value(Expression.Variable variable) {
    Set<Label> value = variables.get(variable.name());
    if (value == null) {
      String near = Spelling.suggest(variable.name(), variables.keySet());
      throw new QueryException(
          source,
          variable.position(),
          "there is no variable $" + variable.name() + " here",
          near == null
              ? "let " + variable.name() + " = ... in ... binds it"
              : "did you mean $" + near + "?");
    }
    return value;
  }
}
