/// An image as a value that flows between actions and targets: descriptors and where their bytes
/// may be had, never the bytes themselves.
@NullMarked
package dev.athanor.oci.image;

import org.jspecify.annotations.NullMarked;
