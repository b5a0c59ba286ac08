/// Signatures of action results: who gives them, and whose count.
@NullMarked
package dev.athanor.remote.trust;

import org.jspecify.annotations.NullMarked;
