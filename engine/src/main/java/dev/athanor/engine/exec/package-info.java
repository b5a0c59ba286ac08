/// Running what a build needs: the scheduler, the interfaces to sandboxes, and the events that tell
/// of it. Knows no rule and no craft; starts no process itself.
@NullMarked
package dev.athanor.engine.exec;

import org.jspecify.annotations.NullMarked;
