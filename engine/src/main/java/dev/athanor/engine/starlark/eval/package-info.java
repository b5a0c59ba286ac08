/// Runs Starlark: [Program] compiles a resolved file into a tree of small operations and executes
/// it in a [dev.athanor.engine.starlark.value.StarlarkThread], which makes a [Module].
///
/// [Compiler] turns syntax into [Code] (expressions), [Step] (statements) and [Target] (what can be
/// assigned); names have become slots by then. The operations never change once they are made, so
/// that functions of frozen modules can run in many threads at once.
@NullMarked
package dev.athanor.engine.starlark.eval;

import org.jspecify.annotations.NullMarked;
