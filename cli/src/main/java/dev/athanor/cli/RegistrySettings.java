package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.loading.RegistrySetting;
import dev.athanor.engine.tls.Tls;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.CertificateFolders;
import dev.athanor.oci.registry.RegistryConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How to reach registries, as files of settings, flags and the machine's folders of certificates
/// say it together.
final class RegistrySettings {
  /// By [RegistrySetting#server].
  private final Map<String, RegistrySetting> said;

  private final RegistryFlags flags;
  private final Terminal terminal;
  private final Set<String> insecure = new HashSet<>();

  /// The servers of mirrors, which are as good as named.
  private final Set<String> mirrors = new HashSet<>();

  /// @param said of registries, by [RegistrySetting#server]
  /// @throws UserException when a mirror is no place to pull from
  RegistrySettings(Map<String, RegistrySetting> said, RegistryFlags flags, Terminal terminal) {
    this.said = said;
    this.flags = flags;
    this.terminal = terminal;
    flags.insecure().forEach(name -> insecure.add(RegistrySetting.server(name)));
    said.forEach((server, registry) -> {
      registry.mirrors().forEach(mirror -> mirrors.add(server(mirror, registry)));
      if (registry.insecure()) {
        insecure.add(server);
      }
    });
  }

  private static String server(String mirror, RegistrySetting registry) {
    try {
      return RegistrySetting.server(Repository.parse(mirror + "/any").registry());
    } catch (UserException e) {
      throw new UserException(
          registry.where() + ": the mirror '" + mirror + "' is no place to pull from",
          "write a host and perhaps a path, such as mirror.corp/hub",
          e);
    }
  }

  RegistryConfig config() {
    return RegistryConfig.DEFAULT
        .withInsecure(registry -> insecure.contains(RegistrySetting.server(registry)))
        .withMirrorsOf(registry -> of(registry).map(RegistrySetting::mirrors).orElse(List.of()))
        .withTlsOf(this::tls)
        .withBlocked(this::blocked)
        .withEnvironment(terminal.env());
  }

  private Optional<RegistrySetting> of(String registry) {
    return Optional.ofNullable(said.get(RegistrySetting.server(registry)));
  }

  /// What is said of a registry wins over what lies in folders, authorities and identity each for
  /// itself; flags add to both.
  private Tls tls(String registry) {
    Tls found = CertificateFolders.of(terminal.env(), terminal.directory(), registry);
    Optional<RegistrySetting> own = of(registry);
    List<Path> authorities =
        own.flatMap(RegistrySetting::authority).map(List::of).orElse(found.authorities());
    List<Tls.Identity> identities =
        own.flatMap(RegistrySetting::identity).map(List::of).orElse(found.identities());
    return new Tls(authorities, identities).trusting(flags.authorities());
  }

  /// Who says that a registry must not be asked. A place to pull from is as good as named.
  private Optional<String> blocked(String registry) {
    Optional<RegistrySetting> own = of(registry);
    if (own.isPresent()) {
      return own.filter(RegistrySetting::blocked)
          .map(setting -> "it is blocked at " + setting.where());
    }
    return mirrors.contains(RegistrySetting.server(registry))
        ? Optional.empty()
        : Optional.ofNullable(said.get(RegistrySetting.ALL))
            .map(others -> "all that are not named are blocked at " + others.where());
  }
}
