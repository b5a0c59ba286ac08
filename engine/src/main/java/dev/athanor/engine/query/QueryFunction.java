package dev.athanor.engine.query;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The functions of the query language.
public enum QueryFunction {
  ALLPATHS("from, to", "Everything on any way from `from` to `to`, both ends included."),
  ALLRDEPS(
      "targets, [depth]",
      "What depends on `targets`, at most `depth` steps away, in the whole workspace or in what `--universe` names."),
  ATTR(
      "'name, 'pattern, targets",
      """
      Those whose attribute `name` matches `pattern`. A list reads `[a, b]`, a truth value `1` or `0`, \
      an attribute without value as an empty string; of a `select`, any branch may match.\
      """),
  BUILDFILES(
      "targets",
      "The BUILD files of the packages of `targets`, and every file that these load, directly or not."),
  DEPS("targets, [depth]", "`targets` and what they depend on, at most `depth` steps away."),
  FILTER("'pattern, targets", "Those whose label matches `pattern`."),
  KIND(
      "'pattern, targets",
      "Those whose kind matches `pattern`: `genrule rule`, `source file`, `generated file`."),
  LABELS("'name, targets", "What the attribute `name` of `targets` names."),
  LOADFILES("targets", "Every file that the BUILD files of `targets` load, directly or not."),
  RDEPS(
      "universe, targets, [depth]",
      "What depends on `targets`, at most `depth` steps away, among `universe` and its dependencies."),
  SAME_PKG_DIRECT_RDEPS(
      "targets", "What depends directly on one of `targets` and lies in the same package."),
  SIBLINGS("targets", "Everything in the packages of `targets`, files included."),
  SOME("targets, [count]", "The first `count` of `targets` by label; one when there is no count."),
  SOMEPATH("from, to", "One of the shortest ways from `from` to `to`, in its order; or nothing."),
  TESTS("targets", "The tests among `targets`, and those that a `test_suite` among them names."),
  VISIBLE("from, targets", "Those of `targets` that all of `from` may depend on.");

  /// What an argument can be.
  enum Parameter {
    TARGETS,
    WORD,
    COUNT
  }

  private final String written;
  private final String doc;
  private final ImmutableList<Parameter> parameters;
  private final int required;

  /// @param written the parameters; `'` marks a word, `[]` a number that may be missing
  QueryFunction(String written, String doc) {
    this.written = written;
    this.doc = doc;
    this.parameters =
        Arrays.stream(written.split(", "))
            .map(QueryFunction::parameter)
            .collect(ImmutableList.toImmutableList());
    this.required = (int) parameters.stream().filter(p -> p != Parameter.COUNT).count();
  }

  private static Parameter parameter(String text) {
    return switch (text.charAt(0)) {
      case '\'' -> Parameter.WORD;
      case '[' -> Parameter.COUNT;
      default -> Parameter.TARGETS;
    };
  }

  static Optional<QueryFunction> find(String name) {
    return Arrays.stream(values()).filter(function -> function.spelled().equals(name)).findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(QueryFunction::spelled).toList();
  }

  /// As queries spell it.
  String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// With its parameters: `deps(targets, [depth])`.
  public String signature() {
    return spelled() + "(" + written.replace("'", "") + ")";
  }

  /// What it returns, in Markdown.
  public String doc() {
    return doc;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /// How many arguments there must be.
  int required() {
    return required;
  }
}
