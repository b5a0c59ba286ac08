package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.lib.Universe;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Expression.StringLiteral;
import dev.athanor.engine.starlark.syntax.ParsedFile;
import dev.athanor.engine.starlark.syntax.Parser;
import dev.athanor.engine.starlark.syntax.ResolvedFile;
import dev.athanor.engine.starlark.syntax.Resolver;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.syntax.SyntaxException;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file that is ready to run, any number of times.
public final class Program {
  private final ResolvedFile file;

  private Program(ResolvedFile file) {
    this.file = file;
  }

  /// Parses and resolves a file.
  ///
  /// @param predeclared the names that the host will provide, besides those of [Universe]
  /// @throws SyntaxException with all that is wrong with the file
  public static Program compile(Source source, Dialect dialect, Set<String> predeclared)
      throws SyntaxException {
    return compile(Parser.parse(source, dialect), predeclared);
  }

  /// Resolves a file that has been parsed.
  public static Program compile(ParsedFile file, Set<String> predeclared) throws SyntaxException {
    Set<String> names = new HashSet<>(Universe.VALUES.keySet());
    names.addAll(predeclared);
    return new Program(Resolver.resolve(file, names));
  }

  /// The modules that the file loads, in order.
  public List<StringLiteral> loads() {
    return file.file().loads();
  }

  /// Executes the statements of the file. The module is frozen when the thread is closed.
  ///
  /// @param predeclared the values of the names that the host provides; they may hide those of
  ///   [Universe]
  public Module run(StarlarkThread thread, Map<String, ?> predeclared)
      throws EvalError, InterruptedException {
    Map<String, Object> environment = new HashMap<>(Universe.VALUES);
    environment.putAll(predeclared);
    @Nullable Object[] globals = new Object[file.globals().size()];
    try {
      FunctionCode code = new Compiler(file, environment).topLevel();
      code.run(thread, new Object[code.frameSize()], globals, new Cell[0]);
    } catch (StackOverflowError _) {
      throw StarlarkThread.tooDeep().attach(thread.callStack());
    }
    return new Module(file.file().source().file(), file.globals(), globals);
  }
}
