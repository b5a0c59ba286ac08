package dev.athanor.cli;

import dev.athanor.oci.registry.AuthFiles;
import dev.athanor.oci.registry.Credential;
import dev.athanor.oci.registry.GivenCredentials;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// The flags about registries.
///
/// @param insecure registries that may speak plain HTTP
/// @param authorities files with certificates to trust at all registries
/// @param credentials what opens registries and parts of them
/// @param secretVariables the environment variables that hold such secrets, and no other program's
///   business
record RegistryFlags(
    List<String> insecure,
    List<Path> authorities,
    GivenCredentials credentials,
    Set<String> secretVariables) {

  RegistryFlags {
    insecure = List.copyOf(insecure);
    authorities = List.copyOf(authorities);
    Set<String> secrets = new HashSet<>(secretVariables);
    secrets.add(AuthFiles.VARIABLE);
    secretVariables = Set.copyOf(secrets);
  }

  /// With more variables that are no other program's business.
  RegistryFlags hiding(Set<String> variables) {
    Set<String> all = new HashSet<>(secretVariables);
    all.addAll(variables);
    return new RegistryFlags(insecure, authorities, credentials, all);
  }

  static Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null, "insecure-registry", "HOST", "allow plain HTTP to this registry; repeatable"))
        .addOption(
            GlobalFlags.value(
                null,
                "registry-ca",
                "FILE",
                "trust the certificates in FILE at all registries; repeatable"))
        .addOption(
            GlobalFlags.value(
                null,
                "credential",
                "HOST=WHERE",
                "the login for a registry or HOST/PATH is in env:NAME or file:PATH, as user:password or"
                    + " a token; repeatable"));
  }

  static RegistryFlags of(CommandLine line, Terminal terminal) {
    Map<String, GivenCredentials.Secret> secrets = new LinkedHashMap<>();
    Set<String> variables = new TreeSet<>();
    for (String text : GlobalFlags.all(line, "credential")) {
      int equals = text.indexOf('=');
      Optional<SecretPlace> place =
          equals < 1
              ? Optional.empty()
              : SecretPlace.parse(text.substring(equals + 1), "--credential", terminal);
      if (place.isEmpty()) {
        throw SecretPlace.noPlace("--credential", "HOST=env:NAME or HOST=file:PATH");
      }
      place.get().variable().ifPresent(variables::add);
      secrets.put(
          text.substring(0, equals),
          () -> Credential.parse(place.get().read(), place.get().where()));
    }
    return new RegistryFlags(
        GlobalFlags.all(line, "insecure-registry"),
        GlobalFlags.all(line, "registry-ca").stream().map(terminal.directory()::resolve).toList(),
        new GivenCredentials(secrets),
        variables);
  }
}
