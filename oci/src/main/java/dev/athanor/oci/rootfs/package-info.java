/// Root filesystems as values.
///
/// A [RootFs] names a Merkle listing and the packs that hold its nodes and files. [Unpack] folds
/// layers into one, [Repack] compares two: neither touches a disk tree. [Materialize] writes one
/// into an empty directory, [Capture] reads one back from a directory or from what an overlay
/// collected. Knows nothing of images, manifests or how a step is run.
@NullMarked
package dev.athanor.oci.rootfs;

import org.jspecify.annotations.NullMarked;
