/// What every way to share results has in common. Knows the engine, and nothing of images, flags or
/// consoles.
@NullMarked
package dev.athanor.remote;

import org.jspecify.annotations.NullMarked;
