/// What earlier builds of a workspace came to: a [BuildState] says what every source held and every
/// action made, and a [History] keeps the states of the last builds, so that a process starts where
/// the one before it ended. Knows nothing of running actions.
@NullMarked
package dev.athanor.engine.history;

import org.jspecify.annotations.NullMarked;
