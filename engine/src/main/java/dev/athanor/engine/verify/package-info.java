/// Finds out whether actions make the same outputs whatever they meet, and if not, what makes the
/// difference: [Search] runs one action again in other circumstances, [Verifier] all those of a
/// build, and a [Ledger] remembers for which that is known. Nothing here knows how circumstances
/// are changed, what outputs mean, or how findings are shown.
@NullMarked
package dev.athanor.engine.verify;

import org.jspecify.annotations.NullMarked;
