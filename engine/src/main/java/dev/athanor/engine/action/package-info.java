/// Actions, the artifacts they read and make, the keys that name them and the cache of their
/// results. Knows nothing of how an action is run or who declared it.
@NullMarked
package dev.athanor.engine.action;

import org.jspecify.annotations.NullMarked;
