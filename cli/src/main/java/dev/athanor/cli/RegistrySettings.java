package dev.athanor.cli;

import dev.athanor.engine.loading.RegistrySetting;
import dev.athanor.oci.registry.CertificateFolders;
import dev.athanor.oci.registry.RegistryConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How to reach registries, as files of settings, flags and the machine's folders of certificates
/// say it together.
///
/// @param settings by host
record RegistrySettings(
    Map<String, RegistrySetting> settings, RegistryFlags flags, Terminal terminal) {
  static RegistrySettings of(OpenWorkspace workspace, Terminal terminal) {
    return new RegistrySettings(
        workspace.settings().registries(), workspace.flags().registries(), terminal);
  }

  RegistryConfig config() {
    Set<String> insecure = new TreeSet<>(flags.insecure());
    Map<String, List<String>> mirrors = new TreeMap<>();
    settings.forEach((name, registry) -> {
      mirrors.put(name, registry.mirrors());
      if (registry.insecure()) {
        insecure.add(name);
      }
    });
    return RegistryConfig.DEFAULT
        .withInsecureRegistries(insecure)
        .withMirrors(mirrors)
        .withTlsOf(this::tls)
        .withBlocked(this::blocked)
        .withEnvironment(terminal.env());
  }

  /// What is said of a registry wins over what lies in folders, authorities and identity each for
  /// itself; flags add to both.
  private RegistryConfig.Tls tls(String registry) {
    RegistryConfig.Tls found =
        CertificateFolders.of(terminal.env(), terminal.directory(), registry);
    Optional<RegistrySetting> said = Optional.ofNullable(settings.get(registry));
    List<Path> authorities =
        said.flatMap(RegistrySetting::authority).map(List::of).orElse(found.authorities());
    List<RegistryConfig.Tls.Identity> identities =
        said.flatMap(RegistrySetting::identity)
            .map(own -> List.of(new RegistryConfig.Tls.Identity(own.certificate(), own.key())))
            .orElse(found.identities());
    return new RegistryConfig.Tls(authorities, identities).trusting(flags.authorities());
  }

  /// Who says that a registry must not be asked. A place to pull from is as good as named.
  private Optional<String> blocked(String registry) {
    RegistrySetting own = settings.get(registry);
    if (own != null) {
      return own.blocked() ? Optional.of("it is blocked at " + own.where()) : Optional.empty();
    }
    RegistrySetting others = settings.get(RegistrySetting.ALL);
    return others == null || mirrorHosts().contains(registry)
        ? Optional.empty()
        : Optional.of("all that are not named are blocked at " + others.where());
  }

  private Set<String> mirrorHosts() {
    Set<String> hosts = new HashSet<>();
    for (RegistrySetting registry : settings.values()) {
      for (String mirror : registry.mirrors()) {
        hosts.add(mirror.split("/", 2)[0]);
      }
    }
    return hosts;
  }
}
