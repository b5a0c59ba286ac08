package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import java.util.List;

/// What `publish` does with a target.
///
/// @param receipts each made by pushing to one repository; none when the target says nowhere to
///   push it
/// @param skipped why there is nothing to push; empty otherwise
public record PublishInfo(List<Artifact.Derived> receipts, String skipped) implements Provider {
  public PublishInfo {
    receipts = List.copyOf(receipts);
  }

  static PublishInfo to(List<Artifact.Derived> receipts) {
    return new PublishInfo(receipts, "");
  }

  static PublishInfo skipped(String reason) {
    return new PublishInfo(List.of(), reason);
  }
}
