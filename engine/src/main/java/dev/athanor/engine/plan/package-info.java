/// What loading and analysis come to: a [Plan] has the actions that a command needs, in a form that
/// takes little memory and outlives the process, and the [Watch]es that say how long it holds.
/// Knows nothing of running actions.
@NullMarked
package dev.athanor.engine.plan;

import org.jspecify.annotations.NullMarked;
