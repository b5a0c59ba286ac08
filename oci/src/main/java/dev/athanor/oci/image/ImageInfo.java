package dev.athanor.oci.image;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.ExecutionRootInfo;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.ProviderType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /// What .bzl files call `OciImageInfo`.
  public static final ProviderType<ImageInfo> TYPE =
      new ProviderType<>(
          "OciImageInfo",
          ImageInfo.class,
          "An image: `image` is the file that describes it, `layers` the files and directories with its layers, `rootfs`"
              + " the file that describes its root filesystem.",
          List.of("image", "layers", "rootfs"),
          info -> Map.of("image", info.image, "layers", info.layers, "rootfs", info.rootfs),
          fields ->
              new ImageInfo(
                  made(fields.get("image")),
                  fields.get("layers") instanceof List<?> layers
                      ? layers.stream().map(ImageInfo::made).toList()
                      : List.of(),
                  made(fields.get("rootfs"))));

  /// The image as what a command sees.
  public ExecutionRootInfo executionRoot() {
    return ExecutionRootInfo.image(rootfs);
  }

  private static Artifact.Derived made(@Nullable Object value) {
    if (value instanceof Artifact.Derived derived) {
      return derived;
    }
    throw new UserException("expected a file that a target makes");
  }
}
