/// The action types of container images, all of them in [OciActions]. Each is a closed function of
/// digests; none knows targets or rules.
@NullMarked
package dev.athanor.oci.action;

import org.jspecify.annotations.NullMarked;
