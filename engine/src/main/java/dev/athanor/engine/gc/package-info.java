/// What of a cache directory was not used for long, and can go. Knows what lies in the directory,
/// and nothing of how it came there.
@NullMarked
package dev.athanor.engine.gc;

import org.jspecify.annotations.NullMarked;
