package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.Target;
import dev.athanor.engine.query.Expression.Argument;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.Spelling;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What targets say in one attribute.
///
/// @param name of the attribute, as the query has it
record AttributeQuery(TargetGraph graph, Source source, Argument.Word name) {

  /// Those with a value that matches.
  Set<Label> matching(Predicate<String> pattern, Set<Label> labels) throws InterruptedException {
    checkExists(labels);
    Set<Label> matching = new LinkedHashSet<>();
    for (Label label : labels) {
      if (graph.target(label) instanceof QueryTarget.OfRule(var target)
          && attribute(target).isPresent()
          && AttributeValues.texts(target, attribute(target).get()).stream().anyMatch(pattern)) {
        matching.add(label);
      }
    }
    return matching;
  }

  /// The targets and files that the attribute names.
  Set<Label> labels(Set<Label> labels) throws InterruptedException {
    checkExists(labels);
    Set<Label> named = new LinkedHashSet<>();
    for (Label label : labels) {
      if (graph.target(label) instanceof QueryTarget.OfRule(var target)) {
        Optional<Attribute> attribute = attribute(target);
        if (attribute.isPresent()) {
          named.addAll(graph.named(target, attribute.get()));
        }
      }
    }
    return named;
  }

  private Optional<Attribute> attribute(Target target) {
    return target.rule().attribute(name.text());
  }

  /// A misspelt attribute would silently select nothing: it must exist on some rule.
  private void checkExists(Set<Label> labels) throws InterruptedException {
    boolean known =
        graph.packages().rules().rules().values().stream()
            .anyMatch(rule -> rule.attribute(name.text()).isPresent());
    Set<String> names = new TreeSet<>();
    for (Label label : labels) {
      if (known) {
        return;
      }
      if (graph.target(label) instanceof QueryTarget.OfRule(var target)) {
        known = attribute(target).isPresent();
        target.rule().attributes().forEach(attribute -> names.add(attribute.name()));
      }
    }
    if (!known) {
      String near = Spelling.suggest(name.text(), names);
      throw new QueryException(
          source,
          name.position(),
          "no rule has an attribute '" + name.text() + "'",
          near == null ? "" : "did you mean " + near + "?");
    }
  }
}
