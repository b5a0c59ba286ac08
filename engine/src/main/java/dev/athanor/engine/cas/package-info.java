/// Stores of blobs by digest, one interface with a disk or a memory behind it; where a cache has
/// what, and who uses it. Knows nothing of what the blobs mean.
@NullMarked
package dev.athanor.engine.cas;

import org.jspecify.annotations.NullMarked;
