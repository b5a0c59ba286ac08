/// The Starlark language as a library, which knows nothing of builds.
///
/// ```java
/// Builtin glob = Builtin.of("glob", "include, exclude=[], *, allow_empty=True",
///     (thread, args) -> StarlarkList.copyOf(
///         thread.mutability(), thread.require(Files.class, "glob").glob(args.strings("include"))));
/// Map<String, Object> predeclared = Map.of("glob", glob, "struct", Struct.CONSTRUCTOR);
///
/// Program program = Program.compile(                 // throws SyntaxException: all errors at once
///     Source.of("pkg/BUILD", text), Dialect.BUILD, predeclared.keySet());
/// for (StringLiteral load : program.loads()) { ... } // what to load beforehand, if so wished
/// try (StarlarkThread thread = StarlarkThread.builder()
///     .loader((_, name) -> modules.get(name))        // a Module, say
///     .printHandler((t, message) -> console.print(t.callerLocation(), message))
///     .with(Files.class, files)                      // found by thread.find(Files.class)
///     .build()) {
///   Module module = program.run(thread, predeclared); // throws EvalError: where, what, call stack
///   module.globals();
/// }                                                  // closing the thread freezes what it made
/// ```
///
/// A function value of a frozen module is called in a new thread: `thread.call(function,
/// List.of(ctx), Map.of())`. In a function of the host `thread.callStack()` tells where the program
/// is, outermost call first. Hosts add types by implementing
/// [dev.athanor.engine.starlark.value.Value] and what else of that package applies.
@NullMarked
package dev.athanor.engine.starlark;

import org.jspecify.annotations.NullMarked;
