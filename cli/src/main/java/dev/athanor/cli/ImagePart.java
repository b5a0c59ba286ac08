package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.IndexInfo;
import dev.athanor.oci.rule.DescriptionInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The parts that the artifacts of an image target play for a command.
final class ImagePart {
  /// The file that describes the image.
  static final String IMAGE = "image";

  /// The file that describes its root filesystem.
  static final String ROOTFS = "rootfs";

  /// What pushing it leaves behind, once for each repository.
  static final String RECEIPTS = "receipts";

  /// The file that tells programs what it is.
  private static final String DESCRIPTION = "description";

  private ImagePart() {}

  /// The file that plays a part, if it was made.
  static Optional<Digest> file(String part, PlannedTarget target, BuildResult result) {
    return target.reference(part).flatMap(reference -> file(reference, result));
  }

  /// A file that was referred to, if it was made.
  static Optional<Digest> file(int reference, BuildResult result) {
    return result
        .content(reference)
        .map(content -> {
          if (content instanceof Content.File file) {
            return file.digest();
          }
          throw new IllegalStateException(result.plan().artifact(reference) + " is no file");
        });
  }

  /// What is told of every target that is an image or an index; the description is shown, too.
  static Map<String, List<Artifact>> described(ConfiguredTarget target) {
    Map<String, List<Artifact>> artifacts = new TreeMap<>();
    stands(target).ifPresent(image -> artifacts.put(IMAGE, List.of(image)));
    target
        .providers()
        .get(DescriptionInfo.class)
        .ifPresent(info -> {
          artifacts.put(DESCRIPTION, List.of(info.file()));
          artifacts.put(WantedTarget.FILES, List.of(info.file()));
        });
    return artifacts;
  }

  /// The file that stands for the image; of a target that is both, for the index.
  private static Optional<Artifact> stands(ConfiguredTarget target) {
    return target
        .providers()
        .get(IndexInfo.class)
        .<Artifact>map(IndexInfo::index)
        .or(() -> target.providers().get(ImageInfo.class).map(ImageInfo::image));
  }

  /// The image that a target is, or has for the platform that is built for.
  ///
  /// @throws UserException when there is none
  static ImageInfo image(ConfiguredTarget target) {
    Optional<ImageInfo> image = target.providers().get(ImageInfo.class);
    if (image.isEmpty() && target.providers().get(IndexInfo.class).isPresent()) {
      throw new UserException(
          target.label() + " is an index without an image for the platform that is built for",
          "choose one of its platforms with --platform, or name one of its images");
    }
    return image.orElseThrow(() ->
        new UserException(
            target.label() + " (" + target.rule() + ") is not an image",
            "name an image target, such as an oci_build_image"));
  }

  /// A reference to the description of a target.
  static Optional<Integer> description(PlannedTarget target) {
    return target.reference(DESCRIPTION);
  }
}
