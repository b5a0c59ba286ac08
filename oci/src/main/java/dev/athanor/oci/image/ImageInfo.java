package dev.athanor.oci.image;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import java.util.List;

/// What a target that is an image provides.
///
/// @param image the file that [Image] describes
/// @param layers artifacts that together hold the bytes of every layer, as files or in trees of
///   files. Asking for them is what brings absent layers here
/// @param rootfs the file that a [dev.athanor.oci.rootfs.RootFs] describes: the layers, unpacked
public record ImageInfo(
    Artifact.Derived image, List<Artifact.Derived> layers, Artifact.Derived rootfs)
    implements Provider {
  public ImageInfo {
    layers = List.copyOf(layers);
  }
}
