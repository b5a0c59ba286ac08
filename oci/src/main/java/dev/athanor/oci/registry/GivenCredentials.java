package dev.athanor.oci.registry;

import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// Secrets that the user gave for this run, each for a registry or a part of one, such as
/// `quay.io/team`; the most specific one counts. They are read when a registry asks.
///
/// @param secrets by what they are for
public record GivenCredentials(Map<String, Secret> secrets) implements Credentials {
  /// Where a secret is.
  public interface Secret {
    Credential read() throws IOException;
  }

  public GivenCredentials {
    secrets = Map.copyOf(secrets);
  }

  @Override
  public Optional<Credential> find(Repository repository) throws IOException {
    for (String key : AuthFile.keys(repository)) {
      Secret secret = secrets.get(key);
      if (secret != null) {
        return Optional.of(secret.read());
      }
    }
    return Optional.empty();
  }
}
