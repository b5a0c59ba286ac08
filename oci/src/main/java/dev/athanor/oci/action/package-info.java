/// The action types of container images: fetch, unpack, add-layer, repack, config, push, run and
/// layout. Each is a closed function of digests; none knows targets or rules.
@NullMarked
package dev.athanor.oci.action;

import org.jspecify.annotations.NullMarked;
