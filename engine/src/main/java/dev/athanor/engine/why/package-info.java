/// Why actions run: compares what is known of them at two moments, part by part of their keys, down
/// to the file or flag at fault. Knows nothing of running actions.
@NullMarked
package dev.athanor.engine.why;

import org.jspecify.annotations.NullMarked;
