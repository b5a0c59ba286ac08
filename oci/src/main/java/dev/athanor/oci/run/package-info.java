/// From an image's config to a process: the conversion rules of image-spec `conversion.md`. Starts
/// nothing itself.
@NullMarked
package dev.athanor.oci.run;

import org.jspecify.annotations.NullMarked;
