/// Answers as text: the targets of a query ([QueryOutput]) and the actions of analysed targets
/// ([ActionOutput]), for people, for programs and for pictures. Every output is a function of the
/// answer alone.
@NullMarked
package dev.athanor.engine.query.output;

import org.jspecify.annotations.NullMarked;
