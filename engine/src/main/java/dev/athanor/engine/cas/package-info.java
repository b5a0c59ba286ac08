/// Stores of blobs by digest: one interface, a disk and a memory behind it, and decorators that
/// each add one behaviour. Knows nothing of what the blobs mean.
@NullMarked
package dev.athanor.engine.cas;

import org.jspecify.annotations.NullMarked;
