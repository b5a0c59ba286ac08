package dev.athanor.oci.registry;

import dev.athanor.engine.tls.Tls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// How to talk to registries; nothing in here is secret. A value: each `with` gives another one.
public final class RegistryConfig {
  /// No mirrors, no proxies, the JDK's trusted certificates.
  public static final RegistryConfig DEFAULT = new RegistryConfig();

  private Predicate<String> insecure = _ -> false;
  private Function<String, List<String>> mirrors = _ -> List.of();
  private Map<String, String> environment = Map.of();
  private Function<String, Tls> tls = registry -> Tls.DEFAULT;
  private Function<String, Optional<String>> blocked = registry -> Optional.empty();
  private int concurrency = 16;
  private Duration stall = Duration.ofSeconds(60);
  private RetryPolicy retries = RetryPolicy.DEFAULT;
  private Pacer pacer = Pacer.SYSTEM;
  private Consumer<String> warnings = warning -> {};

  private RegistryConfig() {}

  private RegistryConfig with(Consumer<RegistryConfig> change) {
    RegistryConfig copy = new RegistryConfig();
    copy.insecure = insecure;
    copy.mirrors = mirrors;
    copy.environment = environment;
    copy.tls = tls;
    copy.blocked = blocked;
    copy.concurrency = concurrency;
    copy.stall = stall;
    copy.retries = retries;
    copy.pacer = pacer;
    copy.warnings = warnings;
    change.accept(copy);
    return copy;
  }

  /// Which registries may speak plain HTTP, or TLS with a certificate nobody vouches for.
  public RegistryConfig withInsecure(Predicate<String> insecure) {
    return with(copy -> copy.insecure = insecure);
  }

  /// For each registry, the places to ask first when pulling, such as `mirror.corp/hub`.
  public RegistryConfig withMirrorsOf(Function<String, List<String>> mirrors) {
    return with(copy -> copy.mirrors = mirrors);
  }

  /// Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are looked up.
  public RegistryConfig withEnvironment(Map<String, String> environment) {
    return with(copy -> copy.environment = Map.copyOf(environment));
  }

  /// Extra trust and the client's own certificate for each registry, by its host and port; asked
  /// when the first secure connection to it is made.
  public RegistryConfig withTlsOf(Function<String, Tls> tls) {
    return with(copy -> copy.tls = tls);
  }

  /// For a registry that must not be asked itself, neither for a pull nor for a push, who says so.
  public RegistryConfig withBlocked(Function<String, Optional<String>> blocked) {
    return with(copy -> copy.blocked = blocked);
  }

  /// The most requests at any one time.
  RegistryConfig withConcurrency(int requests) {
    return with(copy -> copy.concurrency = requests);
  }

  /// How long a connection may be silent.
  RegistryConfig withStall(Duration stall) {
    return with(copy -> copy.stall = stall);
  }

  /// How stubborn to be.
  RegistryConfig withRetries(RetryPolicy retries) {
    return with(copy -> copy.retries = retries);
  }

  /// The clock.
  RegistryConfig withPacer(Pacer pacer) {
    return with(copy -> copy.pacer = pacer);
  }

  /// Hears each distinct warning of a registry once.
  public RegistryConfig withWarnings(Consumer<String> warnings) {
    return with(copy -> copy.warnings = warnings);
  }

  boolean insecure(String registry) {
    return insecure.test(registry);
  }

  List<String> mirrors(String registry) {
    return mirrors.apply(registry);
  }

  Map<String, String> environment() {
    return environment;
  }

  Tls tls(String registry) {
    return tls.apply(registry);
  }

  Optional<String> blocked(String registry) {
    return blocked.apply(registry);
  }

  int concurrency() {
    return concurrency;
  }

  Duration stall() {
    return stall;
  }

  RetryPolicy retries() {
    return retries;
  }

  Pacer pacer() {
    return pacer;
  }

  Consumer<String> warnings() {
    return warnings;
  }
}
