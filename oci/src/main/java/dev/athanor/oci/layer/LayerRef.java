package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;

/// A layer of an image: the blob that the manifest names, and the `diff_id` that the config has for
/// it.
public record LayerRef(Digest digest, Sha256 diffId) {}
