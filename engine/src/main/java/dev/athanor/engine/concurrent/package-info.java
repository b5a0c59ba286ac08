/// Ways for several threads to share work. Knows nothing of what the work is.
@NullMarked
package dev.athanor.engine.concurrent;

import org.jspecify.annotations.NullMarked;
