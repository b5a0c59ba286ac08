package dev.athanor.engine.starlark.syntax;

import static dev.athanor.engine.starlark.syntax.Token.COLON;
import static dev.athanor.engine.starlark.syntax.Token.COMMA;
import static dev.athanor.engine.starlark.syntax.Token.EOF;
import static dev.athanor.engine.starlark.syntax.Token.EQUALS;
import static dev.athanor.engine.starlark.syntax.Token.IDENTIFIER;
import static dev.athanor.engine.starlark.syntax.Token.IN;
import static dev.athanor.engine.starlark.syntax.Token.INDENT;
import static dev.athanor.engine.starlark.syntax.Token.LEFT_PAREN;
import static dev.athanor.engine.starlark.syntax.Token.NEWLINE;
import static dev.athanor.engine.starlark.syntax.Token.OUTDENT;
import static dev.athanor.engine.starlark.syntax.Token.RIGHT_PAREN;
import static dev.athanor.engine.starlark.syntax.Token.SEMICOLON;
import static dev.athanor.engine.starlark.syntax.Token.STRING;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import dev.athanor.engine.starlark.syntax.Statement.Branch;
import dev.athanor.engine.starlark.syntax.Statement.LoadBinding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads statements by recursive descent.
///
/// A statement that cannot be read is reported and left out, and reading goes on with the next line
/// that can begin one.
public final class Parser {
  private final Source source;
  private final Dialect dialect;
  private final Errors errors;
  private final Lexer lexer;
  private final Tokens in;
  private final ExpressionParser expressions;
  private int functionDepth;
  private int controlDepth;

  private Parser(Source source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
    this.errors = new Errors(source);
    this.lexer = new Lexer(source, errors);
    this.in = new Tokens(lexer, errors, dialect);
    this.expressions = new ExpressionParser(in);
  }

  /// Never fails: what is wrong with the file is in [ParsedFile#errors].
  public static ParsedFile parse(Source source, Dialect dialect) {
    return new Parser(source, dialect).file();
  }

  private ParsedFile file() {
    List<Statement> statements = new ArrayList<>();
    lexer.next();
    while (lexer.token != EOF) {
      statement(statements);
    }
    return new ParsedFile(
        source, dialect, statements, in.identifierCount(), in.functionCount(), errors.sorted());
  }

  private void statement(List<Statement> out) {
    int start = lexer.start;
    int depth = lexer.blockDepth() - (lexer.token == INDENT ? 1 : 0);
    int functions = functionDepth;
    int controls = controlDepth;
    try {
      switch (lexer.token) {
        case NEWLINE, OUTDENT -> lexer.next();
        case INDENT -> throw in.fail("unexpected indentation");
        case DEF, IF, FOR -> out.add(compoundStatement());
        default -> simpleStatements(out);
      }
    } catch (ParseFailure _) {
      functionDepth = functions;
      controlDepth = controls;
      in.reset();
      lexer.recover(start, depth);
      lexer.next();
    }
  }

  private Statement compoundStatement() throws ParseFailure {
    return switch (lexer.token) {
      case DEF -> def();
      case IF -> ifStatement();
      default -> forStatement();
    };
  }

  private void simpleStatements(List<Statement> out) throws ParseFailure {
    while (true) {
      out.add(smallStatement());
      if (lexer.token == SEMICOLON) {
        lexer.next();
        if (lexer.token != NEWLINE) {
          continue;
        }
      }
      in.expect(NEWLINE);
      return;
    }
  }

  private Statement smallStatement() throws ParseFailure {
    int position = lexer.start;
    return switch (lexer.token) {
      case PASS -> advance(new Statement.Pass(position));
      case BREAK -> advance(new Statement.Break(position));
      case CONTINUE -> advance(new Statement.Continue(position));
      case RETURN -> {
        lexer.next();
        boolean bare = lexer.token == NEWLINE || lexer.token == SEMICOLON;
        yield new Statement.Return(bare ? null : expressions.list(), position);
      }
      case LOAD -> load();
      default -> expressionStatement();
    };
  }

  private Statement advance(Statement statement) {
    lexer.next();
    return statement;
  }

  private Statement expressionStatement() throws ParseFailure {
    Expression left = expressions.list();
    int position = lexer.start;
    if (lexer.token == EQUALS) {
      lexer.next();
      expressions.checkTarget(left);
      Expression value = expressions.list();
      if (lexer.token == EQUALS) {
        throw in.fail("assignments cannot be chained");
      }
      return new Statement.Assign(left, value, position);
    }
    BinaryOperator operator = augmented(lexer.token);
    if (operator == null) {
      return new Statement.Evaluate(left);
    }
    if (left instanceof Expression.ListDisplay || left instanceof Expression.TupleDisplay) {
      throw in.fail(
          left.position(), "cannot use '" + operator + "=' on a list or tuple of targets");
    }
    expressions.checkTarget(left);
    lexer.next();
    return new Statement.Augment(left, operator, expressions.list(), position);
  }

  private static @Nullable BinaryOperator augmented(Token token) {
    return switch (token) {
      case PLUS_EQUALS -> BinaryOperator.ADD;
      case MINUS_EQUALS -> BinaryOperator.SUBTRACT;
      case STAR_EQUALS -> BinaryOperator.MULTIPLY;
      case SLASH_EQUALS -> BinaryOperator.DIVIDE;
      case SLASH_SLASH_EQUALS -> BinaryOperator.FLOOR_DIVIDE;
      case PERCENT_EQUALS -> BinaryOperator.MODULO;
      case AMPERSAND_EQUALS -> BinaryOperator.BIT_AND;
      case PIPE_EQUALS -> BinaryOperator.BIT_OR;
      case CARET_EQUALS -> BinaryOperator.BIT_XOR;
      case LESS_LESS_EQUALS -> BinaryOperator.SHIFT_LEFT;
      case GREATER_GREATER_EQUALS -> BinaryOperator.SHIFT_RIGHT;
      default -> null;
    };
  }

  private Statement def() throws ParseFailure {
    int position = lexer.start;
    if (!dialect.functions()) {
      throw in.fail(
          "functions cannot be defined in this file; put them in a .bzl file and load them");
    }
    lexer.next();
    Identifier name = in.identifier("the name of the function");
    in.expect(LEFT_PAREN);
    List<Parameter> parameters = expressions.signatures().parameters(RIGHT_PAREN);
    in.expect(RIGHT_PAREN);
    int id = in.newFunction();
    functionDepth++;
    int controls = controlDepth;
    controlDepth = 0;
    List<Statement> body = suite("def");
    controlDepth = controls;
    functionDepth--;
    return new Statement.Def(name, parameters, body, id, position);
  }

  private Statement ifStatement() throws ParseFailure {
    int position = lexer.start;
    checkControl("if");
    controlDepth++;
    List<Branch> branches = new ArrayList<>();
    do {
      lexer.next();
      Expression condition = expressions.test();
      branches.add(new Branch(condition, suite("if")));
    } while (lexer.token == Token.ELIF);
    List<Statement> otherwise = List.of();
    if (lexer.token == Token.ELSE) {
      lexer.next();
      otherwise = suite("else");
    }
    controlDepth--;
    return new Statement.If(List.copyOf(branches), otherwise, position);
  }

  private Statement forStatement() throws ParseFailure {
    int position = lexer.start;
    checkControl("for");
    controlDepth++;
    lexer.next();
    Expression target = expressions.loopVariables();
    in.expect(IN);
    Expression iterable = expressions.list();
    List<Statement> body = suite("for");
    controlDepth--;
    return new Statement.For(target, iterable, body, position);
  }

  private void checkControl(String keyword) {
    if (functionDepth == 0 && controlDepth == 0 && !dialect.topLevelControl()) {
      String instead =
          dialect.functions()
              ? "move it into a function"
              : keyword.equals("if")
                  ? "use an expression 'a if condition else b'"
                  : "use a comprehension, or a macro in a .bzl file";
      errors.addAlways(
          lexer.start, "'" + keyword + "' statements are not allowed at the top level; " + instead);
    }
  }

  private List<Statement> suite(String keyword) throws ParseFailure {
    if (lexer.token != COLON) {
      throw in.fail("expected ':' after '" + keyword + "'" + in.found());
    }
    lexer.next();
    List<Statement> body = new ArrayList<>();
    if (lexer.token != NEWLINE) {
      simpleStatements(body);
      return List.copyOf(body);
    }
    lexer.next();
    if (lexer.token != INDENT) {
      throw in.fail("expected an indented block after '" + keyword + "'");
    }
    lexer.next();
    while (lexer.token != OUTDENT && lexer.token != EOF) {
      statement(body);
    }
    if (lexer.token == OUTDENT) {
      lexer.next();
    }
    return List.copyOf(body);
  }

  private Statement load() throws ParseFailure {
    int position = lexer.start;
    checkLoad();
    lexer.next();
    in.expect(LEFT_PAREN);
    StringLiteral module = string("the module to load, as a string");
    List<LoadBinding> bindings = new ArrayList<>();
    while (lexer.token == COMMA) {
      lexer.next();
      if (lexer.token == RIGHT_PAREN) {
        break;
      }
      bindings.add(loadBinding());
    }
    in.expect(RIGHT_PAREN);
    if (bindings.isEmpty()) {
      throw in.fail(position, "load needs at least one name to load");
    }
    return new Statement.Load(module, List.copyOf(bindings), position);
  }

  private void checkLoad() {
    if (functionDepth > 0 || controlDepth > 0) {
      errors.addAlways(lexer.start, "load statements are only allowed at the top level");
    } else if (!dialect.loads()) {
      errors.addAlways(lexer.start, "load statements are not allowed in this file");
    }
  }

  private LoadBinding loadBinding() throws ParseFailure {
    Identifier local = null;
    if (lexer.token == IDENTIFIER) {
      local = in.identifier("a name");
      in.expect(EQUALS);
    }
    StringLiteral original = string("a name to load, as a string");
    if (!original.value().matches("[\\p{L}_][\\p{L}\\p{Nd}_]*")) {
      throw in.fail(original.position(), "'" + original.value() + "' is not a name");
    }
    if (original.value().startsWith("_")) {
      errors.add(
          original.position(),
          "'" + original.value() + "' is private: names that begin with '_' cannot be loaded");
    }
    if (local == null) {
      local = in.newIdentifier(original.value(), original.position());
    }
    return new LoadBinding(local, original);
  }

  private StringLiteral string(String what) throws ParseFailure {
    if (lexer.token != STRING) {
      throw in.fail("expected " + what + in.found());
    }
    StringLiteral result = new StringLiteral((String) lexer.value, lexer.start);
    lexer.next();
    return result;
  }
}
