/// What a rule is: its name, its typed attributes, and the function that turns a target into
/// actions and providers. Knows nothing of the language that targets are written in, nor of when
/// rules are called.
@NullMarked
package dev.athanor.engine.rule;

import org.jspecify.annotations.NullMarked;
