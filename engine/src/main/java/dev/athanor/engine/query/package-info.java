/// Questions about targets as they are declared: which there are, what they depend on, by which
/// way.
///
/// [Query] reads an expression and answers it from a [TargetGraph], which loads packages when they
/// are first needed and never analyses a target. Knows nothing of how answers are shown.
@NullMarked
package dev.athanor.engine.query;

import org.jspecify.annotations.NullMarked;
