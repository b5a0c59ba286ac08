package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Sha256;

/// One compressed piece of a layer's blob.
///
/// @param plain of the piece before it was compressed
/// @param packed of the piece as it lies in the blob
record PackedPiece(Sha256 plain, Sha256 packed, long offset, int length) {}
