package dev.athanor.cli.migrate;

import dev.athanor.cli.migrate.CallSyntax.ArgumentSyntax;
import dev.athanor.engine.starlark.syntax.Argument;
import dev.athanor.engine.starlark.syntax.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One target of a BUILD file: what it says, and how to change it where it stands.
final class PantsTarget {
  private static final String MARK = "# athanor migrate: ";

  private final String text;
  private final Layout layout;
  private final Expression.Call call;
  private final CallSyntax syntax;
  private final Span statement;
  private final int line;
  private final Edits edits;
  private final List<Note> notes;
  private final List<String> above = new ArrayList<>();
  private final List<String> added = new ArrayList<>();
  private final List<ArgumentSyntax> gone = new ArrayList<>();
  private final Map<String, ArgumentSyntax> places = new LinkedHashMap<>();
  private final Map<String, Expression> values = new LinkedHashMap<>();
  private final String name;

  /// @param statement that the call is, or is a part of
  /// @param line where the call begins
  PantsTarget(
      String text,
      Expression.Call call,
      Span statement,
      int line,
      String pkg,
      Edits edits,
      List<Note> notes) {
    this.text = text;
    this.layout = new Layout(text);
    this.call = call;
    this.syntax = CallSyntax.of(text, call.start());
    this.statement = statement;
    this.line = line;
    this.edits = edits;
    this.notes = notes;
    for (int i = 0; i < call.arguments().size(); i++) {
      if (call.arguments().get(i) instanceof Argument.Named(String key, var value, var _)) {
        places.put(key, syntax.arguments().get(i));
        values.put(key, value);
      }
    }
    String folder = pkg.substring(pkg.lastIndexOf('/') + 1);
    String own = string("name").orElse(values.containsKey("name") ? "…" : folder);
    name = kind() + " //" + pkg + ":" + own;
  }

  String kind() {
    return syntax.function().of(text);
  }

  /// Its own name, where that can be read off.
  Optional<String> ownName() {
    int colon = name.lastIndexOf(':');
    String own = name.substring(colon + 1);
    return own.equals("…") ? Optional.empty() : Optional.of(own);
  }

  List<String> arguments() {
    return List.copyOf(values.keySet());
  }

  boolean has(String argument) {
    return values.containsKey(argument);
  }

  /// A function that is called in its arguments and that nobody has here: `env`, `parametrize`.
  ///
  /// @param own names that the file itself declares
  Optional<String> unknownName(Set<String> own) {
    return syntax.arguments().stream()
        .flatMap(argument -> Calls.unknown(text, argument.value(), own).stream())
        .findFirst();
  }

  Optional<Expression> value(String argument) {
    return Optional.ofNullable(values.get(argument));
  }

  Optional<String> string(String argument) {
    return value(argument)
        .flatMap(value ->
            value instanceof Expression.StringLiteral literal
                ? Optional.of(literal.value())
                : Optional.empty());
  }

  /// The strings of a list that is written out.
  Optional<List<String>> strings(String argument) {
    if (!(values.get(argument) instanceof Expression.ListDisplay list)) {
      return Optional.empty();
    }
    List<String> strings = new ArrayList<>();
    for (Expression element : list.elements()) {
      if (!(element instanceof Expression.StringLiteral literal)) {
        return Optional.empty();
      }
      strings.add(literal.value());
    }
    return Optional.of(strings);
  }

  /// An argument's value as it is written.
  String written(String argument) {
    return place(argument).value().of(text);
  }

  private ArgumentSyntax place(String argument) {
    ArgumentSyntax place = places.get(argument);
    if (place == null) {
      throw new IllegalArgumentException(argument);
    }
    return place;
  }

  void become(String function) {
    edits.replace(syntax.function(), function);
  }

  void rename(String argument, String to) {
    edits.replace(place(argument).name(), to);
  }

  void set(String argument, String value) {
    Span span = place(argument).value();
    edits.forget(span);
    edits.replace(span, value);
  }

  /// Replaces a string within an argument.
  void set(Expression.StringLiteral literal, String value) {
    int from = literal.position();
    char quote = text.charAt(from);
    if (quote == '"' || quote == '\'') {
      edits.replace(
          new Span(from, CallSyntax.behind(text, from)), Translations.quoted(value, quote));
    }
  }

  /// Adds an argument behind the others.
  void add(String argument, String value) {
    added.add(argument + " = " + value);
  }

  /// Takes an argument away that has no meaning here and is missed by nobody.
  void drop(String argument) {
    Span whole = takeAway(argument);
    if (layout.ownLines(whole)) {
      Span lines = new Span(layout.lineStart(whole.from()), layout.lineEnd(whole.to()));
      int remark = text.substring(0, lines.to()).indexOf('#', whole.to());
      String kept =
          remark < 0 ? "" : layout.indent(whole.from()) + text.substring(remark, lines.to());
      edits.replace(lines, kept);
    } else {
      edits.replace(layout.inline(whole), "");
    }
  }

  private Span takeAway(String argument) {
    ArgumentSyntax place = place(argument);
    edits.forget(place.whole());
    gone.add(place);
    return place.whole();
  }

  /// Leaves an argument to the reader, as a comment.
  void comment(String argument, String what, String hint) {
    Span whole = takeAway(argument);
    notes.add(Note.left(lineOf(whole.from()), name + ": " + what, hint));
    if (layout.ownLines(whole)) {
      String indent = layout.indent(whole.from());
      edits.replace(
          new Span(layout.lineStart(whole.from()), layout.lineEnd(whole.to())),
          mark(indent, what, hint)
              + layout.commented(
                  layout.lineStart(whole.from()), layout.lineEnd(whole.to()), indent));
    } else {
      above.add(mark("", what, hint));
      above.add(whole.of(text).lines().map(l -> "# " + l + "\n").reduce("", String::concat));
      edits.replace(layout.inline(whole), "");
    }
  }

  /// Leaves the whole target to the reader, as a comment.
  void leave(String what, String hint) {
    above.clear();
    added.clear();
    notes.add(Note.left(line, name + ": " + what, hint));
    leave(layout, statement, edits, what, hint);
  }

  /// Leaves the lines of a statement to the reader, as a comment.
  static void leave(Layout layout, Span statement, Edits edits, String what, String hint) {
    Span lines = new Span(layout.lineStart(statement.from()), layout.lineEnd(statement.to()));
    edits.forget(lines);
    edits.replace(lines, mark("", what, hint) + layout.commented(lines.from(), lines.to(), ""));
  }

  void done(String what) {
    notes.add(Note.done(line, name + ": " + what));
  }

  /// To be called when all is said.
  void finish() {
    above.forEach(comment -> edits.insert(layout.lineStart(statement.from()), comment));
    if (added.isEmpty()) {
      return;
    }
    List<ArgumentSyntax> kept = new ArrayList<>(syntax.arguments());
    kept.removeAll(gone);
    if (kept.isEmpty()) {
      edits.insert(text.indexOf('(', syntax.function().to()) + 1, String.join(", ", added));
      return;
    }
    int last = kept.getLast().whole().to();
    String behind = text.substring(syntax.arguments().getLast().whole().to(), syntax.close());
    int line = layout.lineStart(syntax.close());
    if (!behind.contains("\n") || !text.substring(line, syntax.close()).isBlank()) {
      added.forEach(argument -> edits.insert(last, ", " + argument));
      return;
    }
    // Only blanks, commas and comments are left behind the last argument that is kept.
    String rest = edits.within(text, new Span(last, syntax.close()));
    if (!rest.replaceAll("#.*", "").contains(",")) {
      edits.insert(last, ",");
    }
    String indent = layout.indent(kept.getFirst().whole().from());
    added.forEach(argument -> edits.insert(line, indent + argument + ",\n"));
  }

  private static String mark(String indent, String what, String hint) {
    return indent + MARK + what + (hint.isEmpty() ? "" : "; " + hint) + "\n";
  }

  private int lineOf(int offset) {
    return line + (int) text.substring(call.start(), offset).chars().filter(c -> c == '\n').count();
  }
}
