package dev.athanor.engine.query;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.loading.LoadedPackage;
import dev.athanor.engine.query.Expression.Argument;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.tree.RelativePath;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// One call of a function: its arguments by position, and what it returns.
final class CallEvaluation {
  private final Evaluator evaluator;
  private final Expression.Call call;
  private final TargetGraph graph;
  private final Traversal traversal;

  CallEvaluation(Evaluator evaluator, Expression.Call call) {
    this.evaluator = evaluator;
    this.call = call;
    this.graph = evaluator.graph;
    this.traversal = new Traversal(graph);
  }

  Set<Label> run() throws InterruptedException {
    return switch (call.function()) {
      case ALLPATHS -> dependents(targets(0), targets(1), Traversal.UNBOUNDED);
      case ALLRDEPS -> dependents(evaluator.universe(), targets(0), depth(1));
      case ATTR -> attribute().matching(pattern(1), targets(2));
      case BUILDFILES -> {
        Set<Label> files = buildFiles();
        files.addAll(new Modules(graph).loadedBy(files));
        yield files;
      }
      case DEPS -> traversal.dependencies(targets(0), depth(1));
      case FILTER -> {
        Predicate<String> pattern = pattern(0);
        yield select(targets(1), target -> pattern.test(target.label().toString()));
      }
      case KIND -> {
        Predicate<String> pattern = pattern(0);
        yield select(targets(1), target -> pattern.test(target.kind()));
      }
      case LABELS -> attribute().labels(targets(1));
      case LOADFILES -> new Modules(graph).loadedBy(buildFiles());
      case RDEPS -> dependents(targets(0), targets(1), depth(2));
      case SAME_PKG_DIRECT_RDEPS -> samePackageDependents();
      case SIBLINGS -> contents(packages(targets(0)));
      case SOME -> some();
      case SOMEPATH -> traversal.path(targets(0), targets(1));
      case TESTS -> tests(targets(0));
      case VISIBLE -> visible(packages(targets(0)), targets(1));
    };
  }

  // Arguments.

  private Set<Label> targets(int argument) throws InterruptedException {
    return evaluator.evaluate(((Argument.Targets) call.arguments().get(argument)).expression());
  }

  private Argument.Word word(int argument) {
    return (Argument.Word) call.arguments().get(argument);
  }

  private int depth(int argument) {
    return count(argument, Traversal.UNBOUNDED);
  }

  private int count(int argument, int otherwise) {
    return argument < call.arguments().size()
        ? ((Argument.Count) call.arguments().get(argument)).value()
        : otherwise;
  }

  private AttributeQuery attribute() {
    return new AttributeQuery(graph, evaluator.source, word(0));
  }

  private Predicate<String> pattern(int argument) {
    Argument.Word word = word(argument);
    try {
      return Pattern.compile(word.text()).asPredicate();
    } catch (PatternSyntaxException e) {
      throw new QueryException(
          evaluator.source,
          word.position(),
          "'" + word.text() + "' is not a regular expression: " + e.getDescription(),
          "put a backslash before punctuation that stands for itself");
    }
  }

  // Functions.

  private Set<Label> dependents(Set<Label> universe, Set<Label> targets, int depth)
      throws InterruptedException {
    Set<Label> all = traversal.dependencies(universe, Traversal.UNBOUNDED);
    return traversal.dependents(all, targets, depth);
  }

  private Set<Label> some() throws InterruptedException {
    int count = count(1, 1);
    Set<Label> found = new LinkedHashSet<>();
    targets(0).stream().sorted().limit(count).forEach(found::add);
    if (found.isEmpty() && count > 0) {
      Source source = evaluator.source;
      graph.fail(new QueryException(source, call.position(), "some() of an empty set", ""));
    }
    return found;
  }

  private Set<Label> buildFiles() throws InterruptedException {
    Set<Label> files = new LinkedHashSet<>();
    for (RelativePath pkg : packages(targets(0))) {
      graph.buildFile(pkg).ifPresent(files::add);
    }
    return files;
  }

  private Set<Label> samePackageDependents() throws InterruptedException {
    Set<Label> targets = targets(0);
    Set<Label> candidates = contents(packages(targets));
    graph.expand(candidates);
    Set<Label> dependents = new LinkedHashSet<>();
    for (Label candidate : candidates) {
      for (Label to : graph.edges(candidate)) {
        if (targets.contains(to) && to.pkg().equals(candidate.pkg())) {
          dependents.add(candidate);
        }
      }
    }
    return dependents;
  }

  private static Set<RelativePath> packages(Set<Label> labels) {
    Set<RelativePath> packages = new TreeSet<>();
    labels.forEach(label -> packages.add(label.pkg()));
    return packages;
  }

  private Set<Label> contents(Set<RelativePath> packages) throws InterruptedException {
    Set<Label> all = new LinkedHashSet<>();
    for (RelativePath path : packages) {
      Optional<LoadedPackage> pkg = graph.pkg(path);
      if (pkg.isPresent()) {
        all.addAll(graph.all(pkg.get()));
      }
    }
    return all;
  }

  private Set<Label> select(Set<Label> labels, Predicate<QueryTarget> wanted)
      throws InterruptedException {
    Set<Label> selected = new LinkedHashSet<>();
    for (Label label : labels) {
      if (wanted.test(graph.target(label))) {
        selected.add(label);
      }
    }
    return selected;
  }

  private Set<Label> visible(Set<RelativePath> from, Set<Label> labels)
      throws InterruptedException {
    Set<Label> visible = new LinkedHashSet<>();
    for (Label label : labels) {
      Optional<LoadedPackage> pkg = graph.pkg(label.pkg());
      if (pkg.isPresent()
          && from.stream()
              .allMatch(at ->
                  at.equals(label.pkg()) || pkg.get().visibility(label.name()).includes(at))) {
        visible.add(label);
      }
    }
    return visible;
  }

  /// A suite stands for the tests that it names, and for those of the suites that it names.
  private Set<Label> tests(Set<Label> labels) throws InterruptedException {
    Set<Label> tests = new LinkedHashSet<>();
    Set<Label> suites = new LinkedHashSet<>();
    for (Set<Label> level = labels; !level.isEmpty(); ) {
      Set<Label> next = new LinkedHashSet<>();
      for (Label label : level) {
        if (graph.target(label) instanceof QueryTarget.OfRule(var target)) {
          String rule = target.rule().name();
          Optional<Attribute> members = target.rule().attribute("tests");
          if (rule.equals("test_suite") && members.isPresent()) {
            if (suites.add(label)) {
              next.addAll(graph.named(target, members.get()));
            }
          } else if (rule.equals("test") || rule.endsWith("_test")) {
            tests.add(label);
          }
        }
      }
      level = next;
    }
    return tests;
  }
}
