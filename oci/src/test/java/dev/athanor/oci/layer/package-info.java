@NullMarked
package dev.athanor.oci.layer;

import org.jspecify.annotations.NullMarked;
