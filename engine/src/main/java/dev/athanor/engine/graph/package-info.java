/// One memo graph for everything that is computed from something else before actions run: packages,
/// modules, analysed targets. Knows keys and values, but not what they are.
@NullMarked
package dev.athanor.engine.graph;

import org.jspecify.annotations.NullMarked;
