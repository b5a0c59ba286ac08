/// Fakes and fixtures for tests of the engine and of what is built on it.
@NullMarked
package dev.athanor.engine.testing;

import org.jspecify.annotations.NullMarked;
