@NullMarked
package dev.athanor.oci.rootfs;

import org.jspecify.annotations.NullMarked;
