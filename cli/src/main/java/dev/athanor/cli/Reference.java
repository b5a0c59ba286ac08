package dev.athanor.cli;

import dev.athanor.engine.bzl.BzlDocumentation;
import dev.athanor.engine.loading.BuildDocumentation;
import dev.athanor.engine.query.QueryFunction;
import dev.athanor.engine.rule.RuleSet;
import dev.athanor.engine.starlark.lib.Documentation;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RootCache;
import java.nio.file.Path;
import java.util.List;

/// The reference, written from what the program declares: rules, attributes, functions, commands
/// and flags with their defaults.
final class Reference {
  private final Markdown page = new Markdown();

  private Reference() {}

  /// The page `docs/reference.md`.
  static String markdown() {
    Reference reference = new Reference();
    reference.write(rules());
    return reference.page.text();
  }

  /// The rules as any workspace has them. Their actions lack what it takes to run.
  static RuleSet rules() {
    Path nowhere = Path.of("/nonexistent");
    return Workbench.rules(
        OciActions.of(
            _ -> {
              throw new IllegalStateException("a reference needs no registry");
            },
            () -> {
              throw new IllegalStateException("a reference needs no sandbox");
            },
            new RootCache(nowhere, 1),
            nowhere,
            nowhere,
            1));
  }

  private void write(RuleSet rules) {
    page.heading(1, "Reference");
    page.paragraph(
        """
        Everything that BUILD files and the command line can say. [language.md](language.md) explains how it fits
        together.

        <!-- Written by `athanor help --markdown`; `./check -Dathanor.golden=update` brings it up to date. -->\
        """);
    contents();
    new RuleReference(page).write(rules);
    functions(rules);
    queries();
    new CommandReference(page).write();
  }

  private void contents() {
    for (String heading :
        List.of(
            "Rules",
            "Functions of BUILD and WORKSPACE files",
            "Functions of modules",
            "The language",
            "Target patterns and queries",
            "Commands")) {
      page.item(page.link(heading));
    }
    page.end();
  }

  private void functions(RuleSet rules) {
    page.heading(2, "Functions of BUILD and WORKSPACE files");
    page.paragraph(
        """
        Parameters before a `/` are given by position only, those behind a `*` by name only. One that is written `x=…`
        may be left out.\
        """);
    sections(BuildDocumentation.sections(rules));
    page.heading(2, "Functions of modules");
    page.paragraph(
        "A `.bzl` file has the names of BUILD files, for functions that BUILD files call, and these:");
    sections(BzlDocumentation.sections(rules.toolbox()));
    page.heading(2, "The language");
    page.paragraph(
        "Starlark, as its [specification](https://github.com/bazelbuild/starlark/blob/master/spec.md) has it.");
    sections(Documentation.language());
  }

  private void sections(List<Documentation.Section> sections) {
    for (Documentation.Section section : sections) {
      page.heading(3, section.title());
      for (Documentation.Entry entry : section.entries()) {
        page.item("`" + entry.name() + entry.parameters() + "` " + entry.doc());
      }
      page.end();
    }
  }

  private void queries() {
    page.heading(2, "Target patterns and queries");
    page.table("Pattern", "");
    page.row("`//pkg:name`", "one target or file");
    page.row("`//pkg`", "the target of the package's own name, `//pkg:pkg`");
    page.row("`:name`, `sub:name`, `sub`", "the same, from the directory that one stands in");
    page.row("`//pkg:name#variant`", "a target that a macro makes for one variant");
    page.row("`//pkg:all`", "all targets of a package; in builds but those tagged `manual`");
    page.row("`//pkg/...`, `//...`", "the same of all packages at and below a directory");
    page.row("`//pkg:*`, `//pkg/...:*`", "in queries: with all files");
    page.row("`-//pkg/...`", "takes away what stands before it");
    page.end();
    page.paragraph(
        """
        A query is a pattern, a call of a function, or two queries joined by `+` (`union`), `^` (`intersect`) or `-`
        (`except`), which are read from left to right. Parentheses group, `set(a b c)` is several patterns, and
        `let x = query in query` lets the second query say `$x`. What begins with `-` or `*`, or holds `+`, `=`, `(` or
        a space, is put in quotes. Patterns in functions are regular expressions that match anywhere, unless they begin
        with `^` and end with `$`.

        Answers come ordered by label, those of `somepath` from one end to the other; `--order=deps` puts each target
        before what it depends on.\
        """);
    page.table("Function", "");
    for (QueryFunction function : QueryFunction.values()) {
      page.row("`" + function.signature() + "`", function.doc());
    }
    page.end();
  }
}
