package dev.athanor.oci.layer;

import dev.athanor.engine.digest.Digest;

/// Many contents in one blob, and where in it they are.
///
/// A file of its own for each file of an image would cost more than reading the image: so the plain
/// tar of a layer serves as a pack, and so does any other concatenation.
///
/// @param data the blob that holds the contents
/// @param index the blob that [PackIndex] describes
public record Pack(Digest data, Digest index) {}
