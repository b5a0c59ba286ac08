package dev.athanor.cli;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.tree.Content;
import java.util.Optional;

/// The parts that the artifacts of an image target play for a command.
final class ImagePart {
  /// The file that describes the image.
  static final String IMAGE = "image";

  /// The file that describes its root filesystem.
  static final String ROOTFS = "rootfs";

  /// What pushing it leaves behind.
  static final String RECEIPT = "receipt";

  private ImagePart() {}

  /// The file that plays a part, if it was made.
  static Optional<Digest> file(String part, PlannedTarget target, BuildResult result) {
    return target
        .reference(part)
        .flatMap(result::content)
        .map(content -> {
          if (content instanceof Content.File file) {
            return file.digest();
          }
          throw new IllegalStateException(part + " of " + target.label() + " is no file");
        });
  }
}
