/// Merkle trees of files as the Remote Execution API has them: [Content] is what stands at a path,
/// [InputRoot] builds directories from paths, [Trees] reads them back and captures them from disk.
/// Knows blobs, but nothing of actions.
@NullMarked
package dev.athanor.engine.tree;

import org.jspecify.annotations.NullMarked;
