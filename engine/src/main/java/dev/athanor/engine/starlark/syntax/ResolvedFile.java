package dev.athanor.engine.starlark.syntax;

import dev.athanor.engine.starlark.syntax.Expression.Identifier;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file in which every name has found its variable.
public final class ResolvedFile {
  private final ParsedFile file;
  private final @Nullable Binding[] bindings;
  private final @Nullable FunctionScope[] functions;
  private final FunctionScope topLevel;
  private final List<Global> globals;

  /// A global variable; those that a load statement binds are not exported.
  public record Global(String name, boolean exported) {}

  ResolvedFile(
      ParsedFile file,
      @Nullable Binding[] bindings,
      @Nullable FunctionScope[] functions,
      FunctionScope topLevel,
      List<Global> globals) {
    this.file = file;
    this.bindings = bindings;
    this.functions = functions;
    this.topLevel = topLevel;
    this.globals = List.copyOf(globals);
  }

  public ParsedFile file() {
    return file;
  }

  public Binding binding(Identifier identifier) {
    return Objects.requireNonNull(bindings[identifier.id()]);
  }

  /// The variables of the `def` or `lambda` with this id.
  public FunctionScope function(int id) {
    return Objects.requireNonNull(functions[id]);
  }

  /// The variables of comprehensions outside functions.
  public FunctionScope topLevel() {
    return topLevel;
  }

  /// The global variables by slot.
  public List<Global> globals() {
    return globals;
  }
}
