package dev.athanor.engine.starlark.syntax;

import dev.athanor.engine.starlark.syntax.Expression.Clause;
import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the variable of every name, and checks what needs the whole file to be checked.
///
/// A name that is bound anywhere in a function is local to the function; one that is bound at the
/// top level is global; all others must be predeclared.
public final class Resolver {
  /// Bounds the Java stack that resolving and evaluating a tree can take.
  private static final int MAX_DEPTH = 700;

  /// Hints are a matter of comparing with every name, and more than this many nobody reads.
  private static final int MAX_HINTS = 100;

  private final ParsedFile file;
  private final Errors errors;
  private final Set<String> predeclared;
  private final @Nullable Binding[] bindings;
  private final @Nullable FunctionScope[] functions;
  private final Map<String, Binding> globals = new HashMap<>();
  private final List<ResolvedFile.Global> globalList = new ArrayList<>();
  private final Map<String, Binding> predeclaredBindings = new HashMap<>();

  private final Set<String> undefined = new HashSet<>();

  private Block block = Block.ofFunction(null, 0);
  private int depth;
  private int functionDepth;
  private int loopDepth;

  private Resolver(ParsedFile file, Set<String> predeclared) {
    this.file = file;
    this.errors = new Errors(file.source());
    this.predeclared = predeclared;
    this.bindings = new Binding[file.identifierCount()];
    this.functions = new FunctionScope[file.functionCount()];
  }

  /// Resolves a file that was parsed without errors.
  ///
  /// @throws SyntaxException with all errors, those of the parser among them
  public static ResolvedFile resolve(ParsedFile file, Set<String> predeclared)
      throws SyntaxException {
    if (!file.errors().isEmpty()) {
      throw new SyntaxException(file.errors());
    }
    return new Resolver(file, predeclared).resolve();
  }

  private ResolvedFile resolve() throws SyntaxException {
    declareGlobals(file.statements());
    statements(file.statements());
    List<SyntaxError> found = errors.sorted();
    if (!found.isEmpty()) {
      throw new SyntaxException(found);
    }
    return new ResolvedFile(file, bindings, functions, block.slots.scope(), globalList);
  }

  // Declaring.

  private void declareGlobals(List<Statement> statements) {
    Declarations.of(statements, this::declareGlobal);
  }

  private void declareGlobal(Identifier name, boolean exported) {
    Binding earlier = globals.get(name.name());
    if (earlier == null) {
      int index = globalList.size();
      globals.put(
          name.name(), new Binding(name.name(), Binding.Scope.GLOBAL, index, name.position()));
      globalList.add(new ResolvedFile.Global(name.name(), exported));
    } else if (!file.dialect().reassignGlobals()
        || exported != globalList.get(earlier.index()).exported()
        || !exported) {
      errors.addAlways(
          name.position(),
          "cannot reassign '"
              + name.name()
              + "', which is already bound in line "
              + file.source().location(earlier.position()).line());
    }
  }

  // Resolving statements.

  private void statements(List<Statement> statements) {
    for (Statement statement : statements) {
      statement(statement);
    }
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Evaluate(var expression) -> expression(expression);
      case Statement.Assign(var target, var value, _) -> {
        expression(value);
        expression(target);
      }
      case Statement.Augment(var target, _, var value, _) -> {
        expression(target);
        expression(value);
      }
      case Statement.Def def -> {
        name(def.name());
        function(def.parameters(), def.body(), null, def.id());
      }
      case Statement.For loop -> {
        expression(loop.iterable());
        expression(loop.target());
        loopDepth++;
        nested(loop.body());
        loopDepth--;
      }
      case Statement.If(var branches, var otherwise, _) -> {
        for (Statement.Branch branch : branches) {
          expression(branch.condition());
          nested(branch.body());
        }
        nested(otherwise);
      }
      case Statement.Return(var value, var position) -> {
        if (functionDepth == 0) {
          errors.addAlways(position, "return statements are only allowed inside functions");
        }
        if (value != null) {
          expression(value);
        }
      }
      case Statement.Load(_, var loaded, _) -> {
        for (Statement.LoadBinding binding : loaded) {
          name(binding.local());
        }
      }
      case Statement.Break(var position) -> checkLoop("break", position);
      case Statement.Continue(var position) -> checkLoop("continue", position);
      case Statement.Pass _ -> {}
    }
  }

  private void nested(List<Statement> statements) {
    depth += 2;
    statements(statements);
    depth -= 2;
  }

  private void checkLoop(String keyword, int position) {
    if (loopDepth == 0) {
      errors.addAlways(position, keyword + " statements are only allowed inside loops");
    }
  }

  private void function(
      List<Parameter> parameters, List<Statement> body, @Nullable Expression result, int id) {
    for (Parameter parameter : parameters) {
      if (parameter instanceof Parameter.Optional optional) {
        expression(optional.value());
      }
    }
    Block outer = block;
    int outerLoops = loopDepth;
    block = Block.ofFunction(outer, depth);
    loopDepth = 0;
    functionDepth++;
    declareParameters(parameters);
    Declarations.of(body, (name, _) -> block.bind(name.name(), name.position()));
    for (Parameter parameter : parameters) {
      Identifier name = parameter.identifier();
      if (name != null) {
        name(name);
      }
    }
    statements(body);
    if (result != null) {
      expression(result);
    }
    functions[id] = block.slots.scope();
    functionDepth--;
    loopDepth = outerLoops;
    block = outer;
  }

  /// Gives the parameters the first slots in the order of a signature: `*` and `**` come last.
  private void declareParameters(List<Parameter> parameters) {
    for (int pass = 0; pass < 3; pass++) {
      for (Parameter parameter : parameters) {
        int turn =
            switch (parameter) {
              case Parameter.Mandatory _, Parameter.Optional _ -> 0;
              case Parameter.Star _ -> 1;
              case Parameter.StarStar _ -> 2;
            };
        Identifier name = parameter.identifier();
        if (turn == pass && name != null) {
          block.bind(name.name(), name.position());
        }
      }
    }
  }

  // Resolving expressions.

  private void expressions(List<Expression> expressions) {
    for (Expression expression : expressions) {
      expression(expression);
    }
  }

  private void expression(Expression expression) {
    if (depth >= MAX_DEPTH) {
      errors.add(expression.position(), "this expression is nested too deeply");
      return;
    }
    int levels = levels(expression);
    depth += levels;
    block.slots.reach(depth);
    switch (expression) {
      case Identifier name -> name(name);
      case Expression.IntLiteral _,
          Expression.FloatLiteral _,
          Expression.StringLiteral _,
          Expression.BytesLiteral _ -> {}
      case Expression.ListDisplay(var elements, _) -> expressions(elements);
      case Expression.TupleDisplay(var elements, _) -> expressions(elements);
      case Expression.DictDisplay(var entries, _) -> {
        for (Expression.Entry entry : entries) {
          expression(entry.key());
          expression(entry.value());
        }
      }
      case Expression.Comprehension comprehension -> comprehension(comprehension);
      case Expression.Unary(_, var operand, _) -> expression(operand);
      case Expression.Binary(_, var left, var right, _) -> {
        expression(left);
        expression(right);
      }
      case Expression.Conditional(var condition, var then, var otherwise, _) -> {
        expression(condition);
        expression(then);
        expression(otherwise);
      }
      case Expression.Call(var function, var arguments, _) -> {
        expression(function);
        for (Argument argument : arguments) {
          expression(argument.value());
        }
      }
      case Expression.Dot(var object, _, _) -> expression(object);
      case Expression.Index(var object, var key, _) -> {
        expression(object);
        expression(key);
      }
      case Expression.Slice slice -> slice(slice);
      case Expression.Lambda(var parameters, var body, var id, _) ->
          function(parameters, List.of(), body, id);
    }
    depth -= levels;
  }

  /// How much Java stack evaluating the expression takes, in units of a binary operation.
  private static int levels(Expression expression) {
    return switch (expression) {
      case Expression.Call _ -> 3;
      case Expression.Comprehension comprehension -> 2 + 2 * comprehension.clauses().size();
      case Expression.ListDisplay _, Expression.TupleDisplay _, Expression.DictDisplay _ -> 2;
      default -> 1;
    };
  }

  private void slice(Expression.Slice slice) {
    expression(slice.object());
    if (slice.from() != null) {
      expression(slice.from());
    }
    if (slice.stop() != null) {
      expression(slice.stop());
    }
    if (slice.step() != null) {
      expression(slice.step());
    }
  }

  /// The first iterable belongs to the enclosing block, everything else to the comprehension's own.
  private void comprehension(Expression.Comprehension comprehension) {
    Block outer = block;
    Block inner = Block.ofComprehension(outer);
    boolean first = true;
    for (Clause clause : comprehension.clauses()) {
      if (clause instanceof Clause.For(var target, var iterable, _)) {
        if (first) {
          expression(iterable);
          first = false;
        }
        Declarations.ofTarget(target, (name, _) -> inner.bind(name.name(), name.position()));
      }
    }
    block = inner;
    first = true;
    for (Clause clause : comprehension.clauses()) {
      switch (clause) {
        case Clause.If(var condition, _) -> expression(condition);
        case Clause.For(var target, var iterable, _) -> {
          if (!first) {
            expression(iterable);
          }
          first = false;
          expression(target);
        }
      }
    }
    if (comprehension.key() != null) {
      expression(comprehension.key());
    }
    expression(comprehension.value());
    block = outer;
  }

  private void name(Identifier identifier) {
    String name = identifier.name();
    Binding binding = block.find(name);
    if (binding == null) {
      binding = globals.get(name);
    }
    if (binding == null && predeclared.contains(name)) {
      binding =
          predeclaredBindings.computeIfAbsent(
              name, n -> new Binding(n, Binding.Scope.PREDECLARED, -1, 0));
    }
    if (binding == null) {
      if (undefined.add(name)) {
        errors.addAlways(identifier.position(), "name '" + name + "' is not defined" + hint(name));
      }
      return;
    }
    bindings[identifier.id()] = binding;
  }

  private String hint(String name) {
    if (undefined.size() > MAX_HINTS) {
      return "";
    }
    Set<String> candidates = new HashSet<>(predeclared);
    candidates.addAll(globals.keySet());
    block.visibleNames(candidates);
    String foreign =
        switch (name) {
          case "true", "false" -> Character.toUpperCase(name.charAt(0)) + name.substring(1);
          case "null", "nil" -> "None";
          default -> null;
        };
    return foreign == null ? Spelling.hint(name, candidates) : " (did you mean '" + foreign + "'?)";
  }
}
