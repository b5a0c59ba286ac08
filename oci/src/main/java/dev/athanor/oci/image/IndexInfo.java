package dev.athanor.oci.image;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import java.util.List;

/// What a target provides that puts images for several platforms together.
///
/// @param index the file that [Image] describes, with an index as its root
/// @param layers artifacts that together hold the bytes of every layer of every image
public record IndexInfo(Artifact.Derived index, List<Artifact.Derived> layers) implements Provider {
  public IndexInfo {
    layers = List.copyOf(layers);
  }
}
