/// Formats that many programs write: [Formats] has them all. Each reads what it needs by itself and
/// forgives what is unusual, because the JDK's readers hide just what makes two files differ.
@NullMarked
package dev.athanor.engine.diff.format;

import org.jspecify.annotations.NullMarked;
