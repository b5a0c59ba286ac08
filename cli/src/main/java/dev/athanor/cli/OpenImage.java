package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.rootfs.RootFs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An image that was built, as far as somebody wanted it.
///
/// @param rootfs its root filesystem, where that was wanted
/// @param outputs files and directories that hold it, where that was wanted
record OpenImage(
    String label,
    Image image,
    Manifest manifest,
    ImageConfig config,
    Optional<RootFs> rootfs,
    List<Path> outputs) {
  OpenImage {
    outputs = List.copyOf(outputs);
  }

  /// What is needed besides manifest and config.
  enum Need {
    NOTHING,
    /// The bytes of every layer.
    LAYERS,
    /// The layers, unpacked.
    ROOTFS,
    /// The directory that `build` leaves.
    LAYOUT
  }

  private static final String LAYERS = "layers";

  /// The tag that chose it, or the one that everything has.
  String tag() {
    int colon = label.lastIndexOf(':');
    String tag = label.startsWith("//") || colon < 0 ? "" : label.substring(colon + 1);
    return Reference.isTag(tag) ? tag : "latest";
  }

  /// @throws UserException when the target is no image
  static WantedTarget choose(ConfiguredTarget target, Need need) {
    ImageInfo info = ImagePart.image(target);
    Map<String, List<Artifact>> artifacts = new TreeMap<>();
    artifacts.put(ImagePart.IMAGE, List.of(info.image()));
    switch (need) {
      case NOTHING -> {}
      case LAYERS -> artifacts.put(LAYERS, List.copyOf(info.layers()));
      case ROOTFS -> artifacts.put(ImagePart.ROOTFS, List.of(info.rootfs()));
      case LAYOUT ->
          artifacts.put(WantedTarget.FILES, List.copyOf(target.providers().defaultInfo().files()));
    }
    return WantedTarget.of(target.label(), target.rule(), artifacts);
  }

  /// The images that a build has made, in the order in which they were asked for.
  static List<OpenImage> of(BuildResult result, Workbench bench) throws IOException {
    BlobStore blobs = bench.blobs;
    List<OpenImage> images = new ArrayList<>();
    for (PlannedTarget target : result.plan().targets()) {
      Optional<Digest> file = ImagePart.file(ImagePart.IMAGE, target, result);
      if (file.isPresent()) {
        Image image = Images.read(file.get(), blobs);
        Manifest manifest = Images.manifest(image, blobs);
        Optional<Digest> rootfs = ImagePart.file(ImagePart.ROOTFS, target, result);
        images.add(
            new OpenImage(
                target.label(),
                image,
                manifest,
                Images.config(manifest, blobs),
                rootfs.isPresent()
                    ? Optional.of(RootFs.parse(blobs.read(rootfs.get())))
                    : Optional.empty(),
                BuildReport.outputs(target, result).stream()
                    .map(bench.outputs.folder()::resolve)
                    .toList()));
      }
    }
    return images;
  }
}
