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

  private static final String INSTEAD = "--define and {NAME}, select, or a macro";
  private static final String ONE_EACH = "a line of its own for each";

  private final Source source;
  private final Layout layout;
  private final Addresses addresses;
  private final Map<String, List<Attribute>> rules;
  private final Edits edits = new Edits();
  private final List<Note> notes = new ArrayList<>();

  /// Functions that the file loads.
  private final Set<String> own = new HashSet<>();

  private boolean leftAlone;

  private BuildFile(Source source, Addresses addresses, Map<String, List<Attribute>> rules) {
    this.source = source;
    this.layout = new Layout(source.text());
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
        case Statement.For loop -> leave(loop.position(), "for is not for BUILD files");
        case Statement.If condition -> leave(condition.position(), "if is not for BUILD files");
        case Statement.Def def -> leave(def.position(), "def is not for BUILD files");
        case Statement.Assign assign -> other(assign.target().start());
        case Statement.Augment augment -> other(augment.target().start());
        case Statement.Return _, Statement.Break _, Statement.Continue _, Statement.Pass _ -> {}
      }
    }
    notes.sort(Comparator.comparingInt(Note::line));
    return leftAlone ? new Result(Optional.empty(), notes) : readable();
  }

  /// What is written can be read again; where not, nothing is.
  private Result readable() {
    String text = edits.apply(source.text());
    if (Parser.parse(Source.of(source.file(), text), Dialect.SCRIPT).errors().isEmpty()) {
      return new Result(Optional.of(text), notes);
    }
    Note note = Note.left(0, "its layout cannot be kept", ONE_EACH + " argument, with its comma");
    return new Result(Optional.empty(), List.of(note));
  }

  private void expression(Expression expression) {
    switch (expression) {
      case Expression.Call call when call.function() instanceof Expression.Identifier function ->
          call(call, function.name(), CallSyntax.of(source.text(), call.start()).whole());
      case Expression.Comprehension(var _, Expression.Call call, var _, int at)
          when call.function() instanceof Expression.Identifier function ->
          call(call, function.name(), new Span(at, CallSyntax.behind(source.text(), at)));
      default -> other(expression.start());
    }
  }

  /// A statement that is no target. It may stay if it calls nothing that is not there.
  private void other(int start) {
    Calls.unknown(source.text(), layout.block(start), own)
        .ifPresent(name -> {
          boolean isTarget = rules.containsKey(name) || Translations.ALL.containsKey(name);
          if (isTarget) {
            leave(start, name + " within an expression is not looked at", "a statement of its own");
          } else {
            leave(start, "there is no " + name + " here", INSTEAD);
          }
        });
  }

  private void leave(int start, String what) {
    leave(start, what, "a list comprehension, select, or a macro in a .bzl file");
  }

  private void leave(int start, String what, String hint) {
    notes.add(Note.left(source.location(start).line(), what, hint));
    PantsTarget.leave(layout, layout.block(start), edits, what, hint);
  }

  private void call(Expression.Call call, String name, Span statement) {
    if (SHARED.contains(name) || own.contains(name)) {
      return;
    }
    if (!layout.aloneOnLines(statement)) {
      leftAlone = true;
      int line = source.location(call.start()).line();
      notes.add(Note.left(line, name + " shares a line; the file was left alone", ONE_EACH));
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
      target.leave("there is no " + unknown.get() + " here", INSTEAD);
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
