/// A small workspace in memory, the scripts that ask about it, and the tests that run them.
@NullMarked
package dev.athanor.engine.query;

import org.jspecify.annotations.NullMarked;
