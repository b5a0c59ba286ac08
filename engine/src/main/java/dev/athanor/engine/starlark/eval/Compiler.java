package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.eval.Calls.ArgumentCodes;
import dev.athanor.engine.starlark.eval.Variables.Constant;
import dev.athanor.engine.starlark.syntax.Argument;
import dev.athanor.engine.starlark.syntax.BinaryOperator;
import dev.athanor.engine.starlark.syntax.Binding;
import dev.athanor.engine.starlark.syntax.Expression;
import dev.athanor.engine.starlark.syntax.Expression.Clause;
import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import dev.athanor.engine.starlark.syntax.FunctionScope;
import dev.athanor.engine.starlark.syntax.Parameter;
import dev.athanor.engine.starlark.syntax.ResolvedFile;
import dev.athanor.engine.starlark.syntax.Statement;
import dev.athanor.engine.starlark.value.Bytes;
import dev.athanor.engine.starlark.value.Ints;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the expressions of a resolved file into [Code].
final class Compiler {
  private static final Code NONE = new Constant(None.NONE);

  private final ResolvedFile file;
  private final Map<String, Object> environment;
  private final StatementCompiler statements;

  /// How many slots the frame of the function that is being compiled has.
  private int frameSize;

  Compiler(ResolvedFile file, Map<String, Object> environment) {
    this.file = file;
    this.environment = environment;
    this.statements = new StatementCompiler(this);
  }

  /// The statements of the file as a function without parameters.
  FunctionCode topLevel() {
    return function("<toplevel>", 0, List.of(), file.topLevel(), file.file().statements(), null);
  }

  /// A function whose body is either statements or an expression.
  private FunctionCode function(
      String name,
      int position,
      List<Parameter> parameters,
      FunctionScope scope,
      List<Statement> body,
      @Nullable Expression result) {
    int outerSize = frameSize;
    frameSize = scope.slots().size();
    Step step = result == null ? statements.block(body) : new Steps.Return(compile(result));
    FunctionCode code =
        new FunctionCode(
            name,
            file.file().source(),
            position,
            parameters,
            frameSize,
            cells(scope.slots()),
            scope.depth(),
            step);
    frameSize = outerSize;
    return code;
  }

  private static int[] cells(List<Binding> bindings) {
    return bindings.stream()
        .filter(binding -> binding.scope() == Binding.Scope.CELL)
        .mapToInt(Binding::index)
        .toArray();
  }

  Code define(Statement.Def def) {
    return define(def.name().name(), def.position(), def.parameters(), def.id(), def.body(), null);
  }

  private Code define(
      String name,
      int position,
      List<Parameter> parameters,
      int id,
      List<Statement> body,
      @Nullable Expression result) {
    FunctionScope scope = file.function(id);
    List<@Nullable Code> defaults = new ArrayList<>();
    boolean fixed = true;
    for (Parameter parameter : parameters) {
      switch (parameter) {
        case Parameter.Mandatory _ -> defaults.add(null);
        case Parameter.Optional(_, var value, _) -> {
          defaults.add(compile(value));
          fixed = false;
        }
        case Parameter.Star _, Parameter.StarStar _ -> {}
      }
    }
    FunctionCode code = function(name, position, parameters, scope, body, result);
    @Nullable Code[] values = defaults.toArray(new Code[0]);
    Signature signature = fixed ? Signature.of(parameters, new Object[values.length]) : null;
    return new Functions.Define(code, values, signature, scope.captured());
  }

  Code compile(Expression expression) {
    return switch (expression) {
      case Identifier name -> name(name);
      case Expression.IntLiteral(var value, _) -> new Constant(Ints.of(value));
      case Expression.FloatLiteral(var value, _) -> new Constant(value);
      case Expression.StringLiteral(var value, _) -> new Constant(value);
      case Expression.BytesLiteral(var value, _) -> new Constant(Bytes.latin1(value));
      case Expression.ListDisplay(var elements, var position) ->
          new Operations.ListDisplay(compileAll(elements), position);
      case Expression.TupleDisplay(var elements, var position) ->
          new Operations.TupleDisplay(compileAll(elements), position);
      case Expression.DictDisplay dict -> dict(dict);
      case Expression.Comprehension comprehension -> comprehension(comprehension);
      case Expression.Unary(var operator, var operand, var position) ->
          new Operations.Unary(operator, compile(operand), position);
      case Expression.Binary binary -> binary(binary);
      case Expression.Conditional(var condition, var then, var otherwise, _) ->
          new Operations.Conditional(compile(condition), compile(then), compile(otherwise));
      case Expression.Call call -> call(call);
      case Expression.Dot(var object, var field, var position) ->
          new Operations.Dot(compile(object), field.intern(), position);
      case Expression.Index(var object, var key, var position) ->
          new Operations.Index(compile(object), compile(key), position);
      case Expression.Slice slice ->
          new Operations.Slice(
              compile(slice.object()),
              orNone(slice.from()),
              orNone(slice.stop()),
              orNone(slice.step()),
              slice.position());
      case Expression.Lambda(var parameters, var body, var id, var position) ->
          define("lambda", position, parameters, id, List.of(), body);
    };
  }

  Code orNone(@Nullable Expression expression) {
    return expression == null ? NONE : compile(expression);
  }

  private Code[] compileAll(List<Expression> expressions) {
    Code[] codes = new Code[expressions.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = compile(expressions.get(i));
    }
    return codes;
  }

  private Code name(Identifier identifier) {
    Binding binding = file.binding(identifier);
    String name = identifier.name();
    int position = identifier.position();
    return switch (binding.scope()) {
      case LOCAL -> new Variables.Local(binding.index(), name, position);
      case CELL -> new Variables.Boxed(binding.index(), name, position);
      case FREE -> new Variables.Free(binding.index(), name, position);
      case GLOBAL -> new Variables.Global(binding.index(), name, position);
      case PREDECLARED -> {
        Object value = environment.get(name);
        if (value == null) {
          throw new IllegalArgumentException("the host declared '" + name + "' without a value");
        }
        yield new Constant(value);
      }
    };
  }

  Target target(Expression expression) {
    return switch (expression) {
      case Identifier name -> nameTarget(name);
      case Expression.ListDisplay(var elements, var position) -> unpack(elements, position);
      case Expression.TupleDisplay(var elements, var position) -> unpack(elements, position);
      case Expression.Index(var object, var key, var position) ->
          new Targets.Index(compile(object), compile(key), position);
      case Expression.Dot(var object, var field, var position) ->
          new Targets.Field(compile(object), field, position);
      default -> throw new IllegalArgumentException("not assignable: " + expression);
    };
  }

  private Target unpack(List<Expression> elements, int position) {
    return new Targets.Unpack(elements.stream().map(this::target).toArray(Target[]::new), position);
  }

  Target nameTarget(Identifier name) {
    Binding binding = file.binding(name);
    return switch (binding.scope()) {
      case LOCAL -> new Variables.SetLocal(binding.index());
      case CELL -> new Variables.SetBoxed(binding.index());
      case GLOBAL -> new Variables.SetGlobal(binding.index());
      case FREE, PREDECLARED -> throw new IllegalArgumentException("not assignable: " + name);
    };
  }

  private Code dict(Expression.DictDisplay dict) {
    List<Expression.Entry> entries = dict.entries();
    return new Operations.DictDisplay(
        entries.stream().map(entry -> compile(entry.key())).toArray(Code[]::new),
        entries.stream().map(entry -> compile(entry.value())).toArray(Code[]::new),
        entries.stream().mapToInt(entry -> entry.key().start()).toArray(),
        dict.position());
  }

  private Code binary(Expression.Binary binary) {
    Code x = compile(binary.left());
    Code y = compile(binary.right());
    BinaryOperator operator = binary.operator();
    int position = binary.position();
    return switch (operator) {
      case OR -> new Operations.Or(x, y);
      case AND -> new Operations.And(x, y);
      case ADD -> new Operations.Add(x, y, position);
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
          new Operations.Compare(operator, x, y, position);
      default -> new Operations.Binary(operator, x, y, position);
    };
  }

  private Code call(Expression.Call call) {
    List<Code> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Code> named = new ArrayList<>();
    Code star = null;
    Code starStar = null;
    for (Argument argument : call.arguments()) {
      Code value = compile(argument.value());
      switch (argument) {
        case Argument.Positional _ -> positional.add(value);
        case Argument.Named(var name, _, _) -> {
          names.add(name);
          named.add(value);
        }
        case Argument.Star _ -> star = value;
        case Argument.StarStar _ -> starStar = value;
      }
    }
    int position = call.position();
    ArgumentCodes arguments =
        new ArgumentCodes(
            positional.toArray(new Code[0]),
            names.toArray(new String[0]),
            named.toArray(new Code[0]),
            star,
            starStar,
            position);
    if (call.function() instanceof Expression.Dot(var object, var field, var dot)) {
      return new Calls.MethodCall(compile(object), field.intern(), dot, arguments, position);
    }
    return new Calls.Call(compile(call.function()), arguments, position);
  }

  private Code comprehension(Expression.Comprehension comprehension) {
    int slot = frameSize++;
    Code value = compile(comprehension.value());
    int position = comprehension.value().start();
    Step step =
        comprehension.key() == null
            ? new Loops.Append(value, slot, position)
            : new Loops.Put(compile(comprehension.key()), value, slot, comprehension.key().start());
    List<Integer> cells = new ArrayList<>();
    for (Clause clause : comprehension.clauses().reversed()) {
      step =
          switch (clause) {
            case Clause.If(var condition, _) ->
                new Steps.If(
                    new Code[] {compile(condition)}, new Step[] {step}, StatementCompiler.PASS);
            case Clause.For(var target, var iterable, _) -> {
              collectCells(target, cells);
              yield new Loops.For(target(target), compile(iterable), step, iterable.start());
            }
          };
    }
    int[] boxed = cells.stream().mapToInt(Integer::intValue).toArray();
    return new Loops.Comprehension(comprehension.key() != null, step, slot, boxed);
  }

  /// The variables of a comprehension that inner functions share get a new box each time it runs.
  private void collectCells(Expression target, List<Integer> cells) {
    switch (target) {
      case Identifier name -> {
        Binding binding = file.binding(name);
        if (binding.scope() == Binding.Scope.CELL) {
          cells.add(binding.index());
        }
      }
      case Expression.ListDisplay(var elements, _) ->
          elements.forEach(element -> collectCells(element, cells));
      case Expression.TupleDisplay(var elements, _) ->
          elements.forEach(element -> collectCells(element, cells));
      default -> {}
    }
  }
}
