package dev.athanor.oci.registry;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Repository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// Remembers what registries have shown in this process: which repository has which blob, so that
/// it need not be asked for again and may be mounted elsewhere, and which short cuts a registry
/// refuses.
final class RegistryMemory {
  private final Set<String> twoStepUploads = ConcurrentHashMap.newKeySet();
  private final Set<String> refusingMounts = ConcurrentHashMap.newKeySet();
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

  /// Whether mounting is worth a try before asking whether that is needed.
  boolean mayMount(Repository repository) {
    return !refusingMounts.contains(repository.registry());
  }

  void refusesMounts(Repository repository) {
    refusingMounts.add(repository.registry());
  }

  /// Whether a registry may take a small blob in one request.
  boolean mayTakeAtOnce(Repository repository) {
    return !twoStepUploads.contains(repository.registry());
  }

  void takesNothingAtOnce(Repository repository) {
    twoStepUploads.add(repository.registry());
  }
}
