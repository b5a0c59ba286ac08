/// What the distribution promises. Knows the files that `dist/make` leaves, and nothing of the
/// program's classes.
@NullMarked
package dev.athanor.dist;

import org.jspecify.annotations.NullMarked;
