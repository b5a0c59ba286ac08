/// Layers: the bytes of an image's file system changes, written and read.
///
/// [LayerWriter] turns [Entry] values into a compressed tar whose bytes are a contract
/// ([LayerFormat]); [LayerReader] turns any tar that the world wraps as a layer back into entries,
/// keeping the plain tar as a [Pack] from which [Contents] serves the files. Knows nothing of
/// images, manifests or directories on disk.
@NullMarked
package dev.athanor.oci.layer;

import org.jspecify.annotations.NullMarked;
