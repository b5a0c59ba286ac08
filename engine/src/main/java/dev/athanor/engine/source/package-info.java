/// The files of the workspace as content: digested once, remembered by what `stat` says of them,
/// and taken into the store. Knows nothing of packages or targets.
@NullMarked
package dev.athanor.engine.source;

import org.jspecify.annotations.NullMarked;
