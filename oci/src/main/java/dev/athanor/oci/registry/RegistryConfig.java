package dev.athanor.oci.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// How to talk to registries; nothing in here is secret.
///
/// @param insecureRegistries may speak plain HTTP, or TLS with a certificate nobody vouches for
/// @param mirrors for each registry, the places to ask first when pulling, such as
///   `mirror.corp/hub`
/// @param environment where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are looked up
/// @param tls extra trust and the client's own certificate
/// @param concurrency the most requests at any one time
/// @param stall how long a connection may be silent
/// @param warnings hears each distinct warning of a registry once
public record RegistryConfig(
    Set<String> insecureRegistries,
    Map<String, List<String>> mirrors,
    Map<String, String> environment,
    Tls tls,
    int concurrency,
    Duration stall,
    RetryPolicy retries,
    Pacer pacer,
    TransferListener listener,
    Consumer<String> warnings) {

  /// No mirrors, no proxies, the JDK's trusted certificates.
  public static final RegistryConfig DEFAULT =
      new RegistryConfig(
          Set.of(),
          Map.of(),
          Map.of(),
          Tls.DEFAULT,
          16,
          Duration.ofSeconds(60),
          RetryPolicy.DEFAULT,
          Pacer.SYSTEM,
          TransferListener.NONE,
          warning -> {});

  public RegistryConfig {
    insecureRegistries = Set.copyOf(insecureRegistries);
    mirrors = Map.copyOf(mirrors);
    environment = Map.copyOf(environment);
  }

  /// Files in PEM form.
  ///
  /// @param authorities certificates to trust besides the JDK's
  /// @param identity the client's certificate chain and its PKCS #8 key, for registries that ask
  public record Tls(List<Path> authorities, Optional<Identity> identity) {
    public static final Tls DEFAULT = new Tls(List.of(), Optional.empty());

    public Tls {
      authorities = List.copyOf(authorities);
    }

    /// The client's certificate chain and its key.
    public record Identity(Path certificates, Path key) {}
  }

  public RegistryConfig withInsecureRegistries(Set<String> registries) {
    return new RegistryConfig(
        registries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withMirrors(Map<String, List<String>> mirrors) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withEnvironment(Map<String, String> environment) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withTls(Tls tls) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withConcurrency(int requests) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        requests,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withStall(Duration stall) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withRetries(RetryPolicy retries) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withPacer(Pacer pacer) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withListener(TransferListener listener) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }

  public RegistryConfig withWarnings(Consumer<String> warnings) {
    return new RegistryConfig(
        insecureRegistries,
        mirrors,
        environment,
        tls,
        concurrency,
        stall,
        retries,
        pacer,
        listener,
        warnings);
  }
}
