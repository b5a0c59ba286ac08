/// What makes one image, layer or root filesystem differ from another: the formats that images add
/// to those of [dev.athanor.engine.diff], all of them in [ImageFormats]. Documents lead into the
/// blobs that they name, so that a digest that differs is told as what differs behind it.
@NullMarked
package dev.athanor.oci.diff;

import org.jspecify.annotations.NullMarked;
