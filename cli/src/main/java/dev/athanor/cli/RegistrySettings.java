package dev.athanor.cli;

import dev.athanor.engine.loading.RegistrySetting;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.CertificateFolders;
import dev.athanor.oci.registry.RegistryConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How to reach registries, as files of settings, flags and the machine's folders of certificates
/// say it together.
final class RegistrySettings {
  private final Map<String, RegistrySetting> said;
  private final RegistryFlags flags;
  private final Terminal terminal;

  /// By [#server]: another spelling of a name gets around nothing that is said of it.
  private final Map<String, RegistrySetting> byServer = new LinkedHashMap<>();

  /// @param said of registries, by name
  RegistrySettings(Map<String, RegistrySetting> said, RegistryFlags flags, Terminal terminal) {
    this.said = said;
    this.flags = flags;
    this.terminal = terminal;
    said.forEach((name, registry) -> byServer.put(server(name), registry));
  }

  RegistryConfig config() {
    Set<String> insecure = new TreeSet<>(flags.insecure());
    Map<String, List<String>> mirrors = new TreeMap<>();
    said.forEach((name, registry) -> {
      mirrors.put(server(name), registry.mirrors());
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

  /// One name for each server.
  private static String server(String registry) {
    String name = registry.toLowerCase(Locale.ROOT).replaceFirst(":443$", "");
    return switch (name) {
      case "index.docker.io", "registry-1.docker.io" -> "docker.io";
      default -> name;
    };
  }

  /// What is said of a registry wins over what lies in folders, authorities and identity each for
  /// itself; flags add to both.
  private RegistryConfig.Tls tls(String registry) {
    RegistryConfig.Tls found =
        CertificateFolders.of(terminal.env(), terminal.directory(), registry);
    Optional<RegistrySetting> own = Optional.ofNullable(byServer.get(server(registry)));
    List<Path> authorities =
        own.flatMap(RegistrySetting::authority).map(List::of).orElse(found.authorities());
    List<RegistryConfig.Tls.Identity> identities =
        own.flatMap(RegistrySetting::identity)
            .map(pair -> List.of(new RegistryConfig.Tls.Identity(pair.certificate(), pair.key())))
            .orElse(found.identities());
    return new RegistryConfig.Tls(authorities, identities).trusting(flags.authorities());
  }

  /// Who says that a registry must not be asked. A place to pull from is as good as named.
  private Optional<String> blocked(String registry) {
    RegistrySetting own = byServer.get(server(registry));
    if (own != null) {
      return own.blocked() ? Optional.of("it is blocked at " + own.where()) : Optional.empty();
    }
    RegistrySetting others = byServer.get(RegistrySetting.ALL);
    return others == null || isMirror(server(registry))
        ? Optional.empty()
        : Optional.of("all that are not named are blocked at " + others.where());
  }

  private boolean isMirror(String server) {
    return said.values().stream()
        .flatMap(registry -> registry.mirrors().stream())
        .anyMatch(mirror -> server(Repository.parse(mirror + "/any").registry()).equals(server));
  }
}
