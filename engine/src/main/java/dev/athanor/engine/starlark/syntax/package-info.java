/// The syntax of Starlark: from text to a resolved tree.
///
/// [Source] -> [Parser] -> [ParsedFile] -> [Resolver] -> [ResolvedFile]. Every stage collects its
/// errors, so that a broken file is reported whole. Knows nothing of values or of evaluation.
@NullMarked
package dev.athanor.engine.starlark.syntax;

import org.jspecify.annotations.NullMarked;
