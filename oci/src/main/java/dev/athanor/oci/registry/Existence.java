package dev.athanor.oci.registry;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Repository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// Remembers which repository has which blob, as seen in this process: what was there a moment ago
/// need not be asked for again, and what another repository has may be mounted from it.
final class Existence {
  private final Map<Digest, Set<Repository>> holders = new ConcurrentHashMap<>();

  void add(Repository repository, Digest blob) {
    holders.computeIfAbsent(blob, b -> new ConcurrentSkipListSet<>()).add(repository);
  }

  /// Forgets a repository that turned out to have lost something.
  void forget(Repository repository) {
    holders.values().forEach(repositories -> repositories.remove(repository));
  }

  boolean has(Repository repository, Digest blob) {
    return holders.getOrDefault(blob, Set.of()).contains(repository);
  }

  /// Other repositories of the same registry that have the blob.
  List<Repository> elsewhere(Repository repository, Digest blob) {
    return holders.getOrDefault(blob, Set.of()).stream()
        .filter(other -> other.registry().equals(repository.registry()))
        .filter(other -> !other.equals(repository))
        .toList();
  }
}
