package dev.athanor.oci.registry;

import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.Optional;

/// Looks up secrets, when a registry asks for one and not before.
public interface Credentials {
  /// No secrets at all: every request is anonymous.
  Credentials ANONYMOUS = repository -> Optional.empty();

  Optional<Credential> find(Repository repository) throws IOException;

  /// This, and where it knows nothing, `next`.
  default Credentials orElse(Credentials next) {
    return repository -> {
      Optional<Credential> found = find(repository);
      return found.isPresent() ? found : next.find(repository);
    };
  }
}
