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

  /// Changed once more, by whoever made it, and then never again.
  private RegistryConfig copy() {
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
    return copy;
  }

  /// Which registries may speak plain HTTP, or TLS with a certificate nobody vouches for.
  public RegistryConfig withInsecure(Predicate<String> insecure) {
    RegistryConfig copy = copy();
    copy.insecure = insecure;
    return copy;
  }

  /// For each registry, the places to ask first when pulling, such as `mirror.corp/hub`.
  public RegistryConfig withMirrorsOf(Function<String, List<String>> mirrors) {
    RegistryConfig copy = copy();
    copy.mirrors = mirrors;
    return copy;
  }

  /// Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are looked up.
  public RegistryConfig withEnvironment(Map<String, String> environment) {
    RegistryConfig copy = copy();
    copy.environment = Map.copyOf(environment);
    return copy;
  }

  /// Extra trust and the client's own certificate for each registry, by its host and port; asked
  /// when the first secure connection to it is made.
  public RegistryConfig withTlsOf(Function<String, Tls> tls) {
    RegistryConfig copy = copy();
    copy.tls = tls;
    return copy;
  }

  /// For a registry that must not be asked itself, neither for a pull nor for a push, who says so.
  public RegistryConfig withBlocked(Function<String, Optional<String>> blocked) {
    RegistryConfig copy = copy();
    copy.blocked = blocked;
    return copy;
  }

  /// The most requests at any one time.
  RegistryConfig withConcurrency(int requests) {
    RegistryConfig copy = copy();
    copy.concurrency = requests;
    return copy;
  }

  /// How long a connection may be silent.
  RegistryConfig withStall(Duration stall) {
    RegistryConfig copy = copy();
    copy.stall = stall;
    return copy;
  }

  /// How stubborn to be.
  RegistryConfig withRetries(RetryPolicy retries) {
    RegistryConfig copy = copy();
    copy.retries = retries;
    return copy;
  }

  /// The clock.
  RegistryConfig withPacer(Pacer pacer) {
    RegistryConfig copy = copy();
    copy.pacer = pacer;
    return copy;
  }

  /// Hears each distinct warning of a registry once.
  public RegistryConfig withWarnings(Consumer<String> warnings) {
    RegistryConfig copy = copy();
    copy.warnings = warnings;
    return copy;
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
