package dev.athanor.engine.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Provided by targets that can be what a command sees as `/`: images, and tools of the host.
///
/// @param inputs what a command in that root has as inputs besides its own
public record ExecutionRootInfo(ExecutionRoot root, List<Artifact> inputs) implements Provider {
  public ExecutionRootInfo {
    inputs = List.copyOf(inputs);
  }

  /// The root filesystem of an image.
  public static ExecutionRootInfo image(Artifact rootfs) {
    return new ExecutionRootInfo(new ExecutionRoot.Image(rootfs), List.of(rootfs));
  }

  /// The root filesystem of an image that a registry has.
  ///
  /// @param name repository and digest
  public static ExecutionRootInfo image(Artifact rootfs, String name) {
    return new ExecutionRootInfo(
        new ExecutionRoot.Image(rootfs, Optional.of(name)), List.of(rootfs));
  }

  /// The host's tools, as their packages say.
  public static ExecutionRootInfo host(ExecutionRoot.Host host) {
    return new ExecutionRootInfo(host, List.of());
  }

  /// What the commands of a target see that may have an attribute `image`.
  ///
  /// @param host the tools that they see when it has none
  /// @throws dev.athanor.engine.UserException when what it names is no such target
  public static ExecutionRootInfo of(RuleContext context, Supplier<ExecutionRoot.Host> host) {
    return context
        .dependency("image")
        .map(image ->
            context.require(image, ExecutionRootInfo.class, "image", "an image or host_tools"))
        .orElseGet(() -> host(host.get()));
  }
}
