package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;

/// What a target provides that can be published.
///
/// @param file tells programs what the image is, as [dev.athanor.oci.action.DescribeImage] says
public record DescriptionInfo(Artifact.Derived file) implements Provider {}
