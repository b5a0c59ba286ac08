/// Files that only grow: [Journal] keeps checksummed records that survive a process killed at any
/// byte, [RecordWriter] and [RecordReader] are how one is written down. Knows nothing of what the
/// records mean.
@NullMarked
package dev.athanor.engine.journal;

import org.jspecify.annotations.NullMarked;
