package dev.athanor.oci.rule;

import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.Provider;
import dev.athanor.oci.image.Destination;
import java.util.List;

/// What `publish` does with a target.
///
/// @param receipts each made by pushing to one repository; none when the target says nowhere to
///   push it
/// @param names `repository:tag` of every place to push to, as far as that is known before anything
///   is made
/// @param skipped why there is nothing to push; empty otherwise
public record PublishInfo(List<Artifact.Derived> receipts, List<String> names, String skipped)
    implements Provider {
  public PublishInfo {
    receipts = List.copyOf(receipts);
    names = List.copyOf(names);
  }

  static PublishInfo to(List<Artifact.Derived> receipts, List<Destination> destinations) {
    return new PublishInfo(
        receipts,
        destinations.stream()
            .filter(destination -> destination.places().isEmpty())
            .flatMap(destination -> destination.references().stream())
            .toList(),
        "");
  }

  static PublishInfo skipped(String reason) {
    return new PublishInfo(List.of(), List.of(), reason);
  }
}
