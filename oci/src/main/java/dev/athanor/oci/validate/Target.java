package dev.athanor.oci.validate;

import dev.athanor.oci.model.Platform;
import java.util.Optional;

/// What a sound descriptor names.
///
/// @param elsewhere whether the content is said to be elsewhere too
record Target(
    String mediaType, String digest, long size, boolean elsewhere, Optional<Platform> platform) {}
