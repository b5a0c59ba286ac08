package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProxiesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "HTTP_PROXY", "http://plain:3128",
          "https_proxy", "secure:3129",
          "NO_PROXY", "corp.example, .internal,exact.org:5000");

  @Test
  void chosenByScheme() {
    assertThat(proxy("http://a.org/")).isEqualTo("plain:3128");
    assertThat(proxy("https://a.org/")).isEqualTo("secure:3129");
  }

  @Test
  void exemptions() {
    assertThat(proxy("https://corp.example/")).isEqualTo("direct");
    assertThat(proxy("https://a.corp.example/")).isEqualTo("direct");
    assertThat(proxy("https://acorp.example/")).isEqualTo("secure:3129");
    assertThat(proxy("https://x.internal:444/")).isEqualTo("direct");
    assertThat(proxy("https://exact.org:5000/")).isEqualTo("direct");
    assertThat(proxy("https://exact.org:5001/")).isEqualTo("secure:3129");
    assertThat(proxy("http://127.0.0.1:5000/")).isEqualTo("direct");
    assertThat(proxy("http://localhost/")).isEqualTo("direct");
  }

  @Test
  void everything() {
    assertThat(proxy(Map.of("HTTP_PROXY", "p:1", "NO_PROXY", "*"), "http://a.org/"))
        .isEqualTo("direct");
  }

  @Test
  void none() {
    assertThat(Proxies.of(Map.of("NO_PROXY", "x"))).isEmpty();
    assertThat(Proxies.of(Map.of("HTTP_PROXY", ""))).isEmpty();
  }

  @Test
  void unusable_isToldWithoutItsValue() {
    var e =
        assertThrows(
            UserException.class, () -> Proxies.of(Map.of("HTTPS_PROXY", "https://me:s3cret@p:1")));

    assertThat(e).hasMessageThat().contains("HTTPS_PROXY");
    assertThat(e.toString() + e.hint()).doesNotContain("s3cret");
  }

  @Test
  void requestsGoThroughIt() throws IOException {
    try (FakeRegistry proxy = FakeRegistry.start()) {
      SampleImage image = SampleImage.of(1, 10);
      image.into(proxy, "a/b", "1");
      RegistryConfig config =
          RegistryConfig.DEFAULT
              .withEnvironment(Map.of("http_proxy", proxy.host(), "https_proxy", "127.0.0.1:1"))
              .withInsecure("registry.test"::equals);
      try (RegistryClient client = new RegistryClient(config, Credentials.ANONYMOUS)) {
        assertThat(client.document(new Repository("registry.test", "a/b").tag("1")))
            .isEqualTo(image.manifest());
      }
    }
  }

  @Test
  void login_isForTheProxyAlone() throws IOException {
    try (FakeRegistry proxy = FakeRegistry.start();
        FakeRegistry registry = FakeRegistry.start()) {
      SampleImage image = SampleImage.of(1, 10);
      image.into(proxy, "a/b", "1");
      image.into(registry, "a/b", "1");
      RegistryConfig config =
          RegistryConfig.DEFAULT
              .withEnvironment(
                  Map.of(
                      "http_proxy",
                      "http://me:p%40ss@" + proxy.host(),
                      "https_proxy",
                      "127.0.0.1:1"))
              .withInsecure("registry.test"::equals);
      try (RegistryClient client = new RegistryClient(config, Credentials.ANONYMOUS)) {
        var _ = client.document(new Repository("registry.test", "a/b").tag("1"));
        var _ = client.document(registry.repository("a/b").tag("1"));
      }

      assertThat(proxy.requests()).isNotEmpty();
      for (Request request : proxy.requests()) {
        assertThat(request.header("Proxy-Authorization")).hasValue("Basic bWU6cEBzcw==");
        assertThat(request.header("Authorization")).isEmpty();
      }
      assertThat(registry.requests()).isNotEmpty();
      for (Request request : registry.requests()) {
        assertThat(request.header("Proxy-Authorization")).isEmpty();
      }
    }
  }

  @Test
  void proxyThatWantsALogin_saysSo() throws IOException {
    try (FakeRegistry proxy = FakeRegistry.start()) {
      proxy.with(Faults.refuse(_ -> true, 99, 407));
      RegistryConfig config =
          RegistryConfig.DEFAULT
              .withEnvironment(Map.of("http_proxy", proxy.host(), "https_proxy", "127.0.0.1:1"))
              .withInsecure("registry.test"::equals);
      try (RegistryClient client = new RegistryClient(config, Credentials.ANONYMOUS)) {
        var e =
            assertThrows(
                RegistryException.class,
                () -> client.document(new Repository("registry.test", "a/b").tag("1")));

        assertThat(e).hasMessageThat().contains("407 Proxy Authentication Required");
        assertThat(e.hint().orElse("")).contains("http://user:password@host:port");
      }
    }
  }

  private static String proxy(String uri) {
    return proxy(ENVIRONMENT, uri);
  }

  private static String proxy(Map<String, String> environment, String uri) {
    ProxySelector selector = Proxies.of(environment).orElseThrow();
    Proxy proxy = selector.select(URI.create(uri)).getFirst();
    return proxy.type() == Proxy.Type.DIRECT
        ? "direct"
        : String.valueOf(proxy.address()).replace("/<unresolved>", "");
  }
}
