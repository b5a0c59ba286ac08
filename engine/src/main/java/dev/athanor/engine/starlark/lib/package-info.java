/// The functions and methods that every program has ([Universe], [Attributes]), and values that a
/// host may add ([Struct]).
@NullMarked
package dev.athanor.engine.starlark.lib;

import org.jspecify.annotations.NullMarked;
