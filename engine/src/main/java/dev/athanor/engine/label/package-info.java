/// Names in a workspace: packages, targets, and patterns over targets. Knows nothing of what they
/// name.
@NullMarked
package dev.athanor.engine.label;

import org.jspecify.annotations.NullMarked;
