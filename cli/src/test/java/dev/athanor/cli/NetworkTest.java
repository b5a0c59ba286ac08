package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.testing.TestCertificate;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.RealRegistry;
import dev.athanor.oci.registry.Request;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a build goes over the network: through proxies, and with `--offline` nowhere.
final class NetworkTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;
  private SampleImage image;

  @BeforeEach
  void start() throws IOException {
    registry = FakeRegistry.start();
    image = SampleImage.withTarLayer();
    image.into(registry, "team/base", "1");
    workspace = TestWorkspace.in(temp);
    build(registry.host());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void build(String host) {
    workspace.write("hello.txt", "hello");
    workspace.write(
        "BUILD",
        """
        oci_pull_image(name = "base", repository = "%1$s/team/base", sha = "%2$s")
        oci_build_image(name = "app", base = ":base", packages = ["hello.txt"],
                        repository = "%1$s/team/app", tag = "1")
        genrule(name = "online", outs = ["o"], cmd = "echo > $@", network = True)
        """
            .formatted(host, image.manifest().digest().hex()));
  }

  @Test
  void pull_goesThroughTheProxy() {
    build("registry.test:5000");
    workspace
        .env("http_proxy", "http://me:pa%3Ass@" + registry.host())
        .env("HTTPS_PROXY", "http://127.0.0.1:1");

    workspace.athanor("build", "//:app", "--insecure-registry", "registry.test:5000").succeeds();

    assertThat(registry.log())
        .contains("GET /v2/team/base/manifests/sha256:" + image.manifest().digest().hex());
    for (Request request : registry.requests()) {
      assertThat(request.header("Host")).hasValue("registry.test:5000");
      assertThat(request.header("Proxy-Authorization")).hasValue("Basic bWU6cGE6c3M=");
    }
  }

  /// In a process of its own: the JDK wants to be told of passwords before its first request.
  @Test
  void push_goesThroughATunnel_withALogin() throws Exception {
    TestCertificate certificate = TestCertificate.create(temp);
    workspace.write(
        "BUILD",
        """
        oci_build_image(name = "app", base = "scratch", repository = "registry.test/team/app")
        """);
    try (RealRegistry tls = RealRegistry.start(temp, certificate.serverConfig(), "");
        TunnelProxy proxy = new TunnelProxy(tls.host(), "Basic bWU6cGE6c3M=")) {
      workspace.env("https_proxy", "http://me:pa%3Ass@" + proxy.host());
      workspace.process("", "publish", "//:app", "--insecure-registry", "registry.test").succeeds();

      assertThat(proxy.heads()).isNotEmpty();
      for (String head : proxy.heads()) {
        assertThat(head).startsWith("CONNECT registry.test:443 ");
        assertThat(head).doesNotContain("\r\nAuthorization");
      }

      workspace.env("https_proxy", "http://me:wrong@" + proxy.host());
      CliResult refused =
          workspace
              .process("", "publish", "//:app", "--insecure-registry", "registry.test")
              .fails(ExitCode.BUILD_FAILED)
              .says("407 Proxy Authentication Required", "hint: the proxy wants a login");
      assertThat(refused.err()).doesNotContain("wrong");
    }
  }

  @Test
  void proxy_isNotUsedWhereNoProxySaysSo() {
    build("registry.test:5000");
    workspace.env("http_proxy", registry.host()).env("NO_PROXY", ".test");

    workspace
        .athanor("build", "//:app", "--insecure-registry", "registry.test:5000")
        .fails(ExitCode.BUILD_FAILED)
        .says("no such host: registry.test:5000");

    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void offline_rebuildsFromTheCache() {
    workspace.athanor("build", "//:app").succeeds();
    workspace.athanor("publish", "//:app").succeeds();
    registry.forgetRequests();

    workspace.athanor("build", "--offline", "//:app").succeeds();
    workspace.athanor("clean").succeeds();
    workspace.athanor("build", "--offline", "//:app").succeeds();
    workspace.write("hello.txt", "changed");
    workspace.athanor("build", "--offline", "//:app").succeeds();
    workspace
        .athanor("publish", "--offline", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("--offline forbids it", "hint: build once without --offline");

    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void offline_whatIsNotCached() {
    workspace
        .athanor("build", "--offline", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says("--offline forbids it", "hint: build once without --offline");

    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void offline_commandsThatWantTheNetwork() {
    workspace
        .athanor("build", "--offline", "//:online")
        .fails(ExitCode.BUILD_FAILED)
        .says("this command wants the network, and --offline forbids it");

    workspace.athanor("build", "//:online").succeeds();
    workspace.athanor("build", "--offline", "//:online").succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io", "quay.io:443", "QUAY.IO", "docker.io", "registry-1.docker.io"})
  void blocked_underAnySpelling(String host) {
    build(host);
    workspace.write(
        "WORKSPACE",
        """
        registry("quay.io", mirrors = ["%1$s/quay"], blocked = True)
        registry("index.docker.io", mirrors = ["%1$s/hub"], blocked = True)
        """
            .formatted(registry.host()));

    workspace
        .athanor("build", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says(host + " itself must not be asked: it is blocked at WORKSPACE:");
  }

  @Test
  void blocked_mirrorGivesWhatIsWanted() {
    build("docker.io");
    workspace.write(
        "WORKSPACE",
        """
        registry("docker.io", mirrors = ["%1$s"], blocked = True)
        registry("*", blocked = True)
        """
            .formatted(registry.host()));

    workspace.athanor("build", "//:app").succeeds();
    workspace
        .athanor("publish", "//:app")
        .fails(ExitCode.BUILD_FAILED)
        .says(
            "docker.io itself must not be asked: it is blocked at WORKSPACE:1:1",
            "hint: only its mirrors may be asked, and only for pulling");

    assertThat(registry.log().stream().filter(line -> !line.startsWith("GET"))).isEmpty();
  }
}
