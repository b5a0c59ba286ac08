package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;

/// What a target provides that is in a registry: all that has to be brought here before anybody can
/// do without the network.
///
/// @param image the file that [dev.athanor.oci.image.Image] describes
/// @param layers the bytes of its layers
public record PulledInfo(Artifact.Derived image, Artifact.Derived layers) implements Provider {}
