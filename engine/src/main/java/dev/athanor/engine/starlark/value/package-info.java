/// What Starlark values are and do: the built-in types, the interfaces by which a host adds its
/// own, operators, equality, functions in Java, and the thread that evaluation runs in.
///
/// A string is a sequence of UTF-16 units, which is what the specification foresees for Java:
/// `len`, indices and slices count units, and a slice may cut a surrogate pair. Code that needs
/// characters asks for `codepoints()`.
///
/// A value is a [Boolean], a [Long] (or a [java.math.BigInteger] outside its range), a [Double], a
/// [String] or a [Value]; never null. Knows the operators of the syntax, but nothing of evaluation.
@NullMarked
package dev.athanor.engine.starlark.value;

import org.jspecify.annotations.NullMarked;
