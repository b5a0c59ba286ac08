package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import java.util.Optional;

/// What `publish` does with a target.
///
/// @param receipt made by pushing the image; absent when the target says nowhere to push it
/// @param skipped why there is nothing to push; empty otherwise
public record PublishInfo(Optional<Artifact.Derived> receipt, String skipped) implements Provider {
  static PublishInfo to(Artifact.Derived receipt) {
    return new PublishInfo(Optional.of(receipt), "");
  }

  static PublishInfo skipped(String reason) {
    return new PublishInfo(Optional.empty(), reason);
  }
}
