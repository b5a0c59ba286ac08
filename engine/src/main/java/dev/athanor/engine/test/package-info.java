/// Tests as the build sees them: what a rule says of one, and the actions that run it. Knows
/// nothing of what becomes of them, nor of who asks.
@NullMarked
package dev.athanor.engine.test;

import org.jspecify.annotations.NullMarked;
