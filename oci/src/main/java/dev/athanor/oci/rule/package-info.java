/// The `oci_*` rules: what build files say about images, turned into actions. Knows no registry and
/// touches no bytes.
@NullMarked
package dev.athanor.oci.rule;

import org.jspecify.annotations.NullMarked;
