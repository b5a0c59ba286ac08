package dev.athanor.cli.migrate;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Expression;
import dev.athanor.engine.starlark.syntax.ParsedFile;
import dev.athanor.engine.starlark.syntax.Parser;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.Statement;
import dev.athanor.engine.starlark.syntax.SyntaxError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A BUILD file of Pants, and what it becomes.
final class BuildFile {
  /// Functions that BUILD files of Athanor have as well.
  private static final Set<String> SHARED =
      Set.of("package", "exports_files", "glob", "select", "print", "fail");

  private final Source source;
  private final Addresses addresses;
  private final Map<String, List<Attribute>> rules;
  private final Edits edits = new Edits();
  private final List<Note> notes = new ArrayList<>();

  /// Functions that the file loads.
  private final Set<String> own = new HashSet<>();

  private BuildFile(Source source, Addresses addresses, Map<String, List<Attribute>> rules) {
    this.source = source;
    this.addresses = addresses;
    this.rules = rules;
  }

  /// @param text absent where the file cannot be read; the notes say why
  record Result(Optional<String> text, List<Note> notes) {}

  /// @param name of the file, for messages
  /// @param rules of Athanor, with their attributes
  static Result migrate(
      String name, String text, Addresses addresses, Map<String, List<Attribute>> rules) {
    return new BuildFile(Source.of(name, text), addresses, rules).result();
  }

  private Result result() {
    // A file may hold more than a BUILD file of Athanor may; that is told where it is loaded.
    ParsedFile parsed = Parser.parse(source, Dialect.SCRIPT);
    if (!parsed.errors().isEmpty()) {
      for (SyntaxError error : parsed.errors()) {
        notes.add(
            Note.left(
                error.location().line(),
                error.message(),
                "BUILD files are Starlark, a part of Python; the file was left alone"));
      }
      return new Result(Optional.empty(), notes);
    }
    for (Statement statement : parsed.statements()) {
      switch (statement) {
        case Statement.Load load ->
            load.bindings().forEach(binding -> own.add(binding.local().name()));
        case Statement.Evaluate(Expression expression) -> expression(expression);
        default -> {}
      }
    }
    notes.sort(Comparator.comparingInt(Note::line));
    return new Result(Optional.of(edits.apply(source.text())), notes);
  }

  private void expression(Expression expression) {
    switch (expression) {
      case Expression.Call call -> call(call, CallSyntax.of(source.text(), call.start()).whole());
      case Expression.Comprehension(var _, Expression.Call call, var _, int position) ->
          call(call, new Span(position, CallSyntax.behind(source.text(), position)));
      default -> {}
    }
  }

  private void call(Expression.Call call, Span statement) {
    if (!(call.function() instanceof Expression.Identifier function)) {
      return;
    }
    String name = function.name();
    if (SHARED.contains(name) || own.contains(name)) {
      return;
    }
    PantsTarget target =
        new PantsTarget(
            source.text(),
            call,
            statement,
            source.location(call.start()).line(),
            addresses.pkg(),
            edits,
            notes);
    Optional<String> unknown = target.unknownName(own);
    List<Attribute> attributes = rules.get(name);
    Translation translation = Translations.ALL.get(name);
    if (unknown.isPresent()) {
      target.leave(
          "there is no " + unknown.get() + " here", "--define and {NAME}, select, or a macro");
    } else if (translation != null) {
      translation.of(target, addresses);
    } else if (attributes != null) {
      OciTargets.as(attributes).of(target, addresses);
    } else {
      target.leave(
          name + " is no rule of Athanor", "a macro of yours goes into a .bzl file, to be loaded");
    }
    target.finish();
  }
}
