/// The one door for SHA-256: every digest in Athanor is made here. Knows nothing but bytes.
@NullMarked
package dev.athanor.engine.digest;

import org.jspecify.annotations.NullMarked;
