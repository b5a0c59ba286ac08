package dev.athanor.engine.rule;

import dev.athanor.engine.action.ExecutionRoot;
import java.util.function.Supplier;

/// Provided by targets whose content can be what a command sees as `/`: images.
public record ExecutionRootInfo(ExecutionRoot root) implements Provider {
  /// What the commands of a target see that may have an attribute `image`.
  ///
  /// @param host the tools that they see when it has none
  /// @throws dev.athanor.engine.UserException when what it names is no image
  public static ExecutionRoot of(RuleContext context, Supplier<ExecutionRoot.Host> host) {
    return context
        .dependency("image")
        .map(image -> context.require(image, ExecutionRootInfo.class, "image", "an image").root())
        .orElseGet(host);
  }
}
