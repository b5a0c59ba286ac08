package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.testing.Peer;
import dev.athanor.engine.testing.TestCertificate;
import dev.athanor.engine.tls.Tls;
import dev.athanor.oci.layout.Layout;
import dev.athanor.oci.layout.LayoutWriter;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against the programs that others use.
final class InteropTest {
  private static final Credential ME = new Credential.Password("me", "secret", "test");

  @TempDir private Path folder;
  private final MemoryBlobStore store = new MemoryBlobStore();
  private final SampleImage image =
      SampleImage.of(1, 1000, (int) BlobUpload.CHUNKED_FROM + 1000, 0);

  @Test
  void open_pushAndPull() throws Exception {
    try (RealRegistry registry = RealRegistry.start(folder, "", "");
        RegistryClient client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      pushAndPull(client, registry.repository("team/app"));
      long before = client.traffic().requests();

      PushReceipt again =
          client.push(
              registry.repository("team/app"),
              image.manifest().descriptor(),
              List.of("1"),
              store,
              Map.of(),
              false);

      assertThat(again.unchanged()).isTrue();
      assertThat(client.traffic().requests() - before).isEqualTo(1);
    }
  }

  @Test
  void open_blobsAreMounted() throws Exception {
    try (RealRegistry registry = RealRegistry.start(folder, "", "");
        RegistryClient client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      Descriptor root = image.into(store);
      client.push(registry.repository("base"), root, List.of("1"), store, Map.of(), false);
      MemoryBlobStore shallow = new MemoryBlobStore();
      shallow.put(image.manifest().bytes());
      shallow.put(image.config().bytes());
      Map<Digest, Repository> origins = new HashMap<>();
      image.manifest().layers().forEach(l -> origins.put(l.blob(), registry.repository("base")));

      PushReceipt receipt =
          client.push(registry.repository("app"), root, List.of("1"), shallow, origins, false);

      assertThat(receipt.mounted()).isAtLeast(3);
      assertThat(receipt.uploaded()).isAtMost(1);
      pull(client, registry.repository("app"), "1");
    }
  }

  @Test
  void htpasswd_pushAndPull() throws Exception {
    Path passwords = folder.resolve("htpasswd");
    Peer.find("htpasswd").run("-Bbc", passwords.toString(), "me", "secret");
    String auth = "auth: {htpasswd: {realm: here, path: " + passwords + "}}";
    try (RealRegistry registry = RealRegistry.start(folder, "", auth);
        RegistryClient client =
            new RegistryClient(
                RegistryConfig.DEFAULT, new GivenCredentials(Map.of(registry.host(), () -> ME)));
        RegistryClient nobody = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      pushAndPull(client, registry.repository("team/app"));

      var e =
          assertThrows(
              RegistryException.class,
              () -> nobody.document(registry.repository("team/app").tag("1")));
      assertThat(e).hasMessageThat().contains("HTTP 401");
    }
  }

  @Test
  void tls_pushAndPull() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    try (RealRegistry registry = RealRegistry.start(folder, certificate.serverConfig(), "")) {
      RegistryConfig trusting =
          RegistryConfig.DEFAULT.withTlsOf(
              _ -> new Tls(List.of(certificate.authority()), List.of()));
      try (RegistryClient client = new RegistryClient(trusting, Credentials.ANONYMOUS)) {
        pushAndPull(client, registry.repository("team/app"));
      }
      try (RegistryClient client =
          new RegistryClient(
              RegistryConfig.DEFAULT.withInsecure(registry.host()::equals),
              Credentials.ANONYMOUS)) {
        pull(client, registry.repository("team/app"), "1");
      }
      try (RegistryClient client =
          new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
        var e =
            assertThrows(
                RegistryException.class,
                () -> client.document(registry.repository("team/app").tag("1")));
        assertThat(e).hasMessageThat().contains("no secure connection to " + registry.host());
        assertThat(e.hint().orElse("")).contains("CA certificate");
      }
    }
  }

  @Test
  void tls_clientCertificate() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    try (RealRegistry registry =
        RealRegistry.start(folder, certificate.serverConfigThatWantsClients(), "")) {
      RegistryConfig identified =
          RegistryConfig.DEFAULT.withTlsOf(_ ->
              new Tls(List.of(certificate.authority()), List.of(certificate.clientIdentity())));
      try (RegistryClient client = new RegistryClient(identified, Credentials.ANONYMOUS)) {
        pushAndPull(client, registry.repository("team/app"));
      }
    }
  }

  @Test
  void nginx_thatLimitsTheSizeOfRequests_getsSmallerChunks() throws Exception {
    try (RealRegistry registry = RealRegistry.start(folder, "", "");
        Nginx proxy = Nginx.start(folder, registry.host(), "client_max_body_size 1m;");
        RegistryClient client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      pushAndPull(client, new Repository(proxy.host(), "team/app"));
    }
  }

  @Test
  void tokens_pushAndPull() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    try (FakeTokenServer tokens = FakeTokenServer.start(certificate, "me", "secret");
        RealRegistry registry = RealRegistry.start(folder, "", tokens.registryConfig());
        RegistryClient client =
            new RegistryClient(
                RegistryConfig.DEFAULT, new GivenCredentials(Map.of(registry.host(), () -> ME)));
        RegistryClient nobody = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      pushAndPull(client, registry.repository("team/app"));
      client.push(
          registry.repository("other"),
          image.manifest().descriptor(),
          List.of("1"),
          store,
          Map.of(),
          false);

      assertThat(tokens.scopesAsked())
          .contains("[repository:other:pull,push, repository:team/app:pull]");
      assertThrows(
          RegistryException.class, () -> nobody.document(registry.repository("team/app").tag("1")));
    }
  }

  @Test
  void skopeo_copiesInAndOut_keepingDigests() throws Exception {
    Peer skopeo = Peer.find("skopeo");
    SampleImage arm = SampleImage.of(2, Platform.of("linux", "arm64"), 500);
    Index index =
        Index.of(
            List.of(
                image.into(store).withPlatform(Platform.of("linux", "amd64")),
                arm.into(store).withPlatform(Platform.of("linux", "arm64"))));
    store.put(index.bytes());
    Path layout = folder.resolve("layout");
    LayoutWriter.write(layout, List.of(LayoutWriter.tagged(index.descriptor(), "v1")), store);
    try (RealRegistry registry = RealRegistry.start(folder, "", "");
        RegistryClient client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      // Layout of ours -> skopeo -> registry -> us -> layout of ours -> skopeo -> layout.
      skopeo.run(
          "copy",
          "--all",
          "--preserve-digests",
          "--dest-tls-verify=false",
          "oci:" + layout + ":v1",
          "docker://" + registry.host() + "/app:v1");
      Repository app = registry.repository("app");
      Index pulled = (Index) client.document(app.tag("v1"));
      MemoryBlobStore fresh = new MemoryBlobStore();
      pullAll(client, app, pulled, fresh);
      Path second = folder.resolve("second");
      LayoutWriter.write(second, List.of(LayoutWriter.tagged(pulled.descriptor(), "v1")), fresh);
      Path third = folder.resolve("third");
      skopeo.run(
          "copy", "--all", "--preserve-digests", "oci:" + second + ":v1", "oci:" + third + ":v1");

      assertThat(pulled).isEqualTo(index);
      assertThat(Layout.open(third).index().manifests().getFirst().digest())
          .isEqualTo(index.descriptor().digest());
      assertThat(
              client
                  .push(
                      registry.repository("app2"),
                      pulled.descriptor(),
                      List.of("v1"),
                      fresh,
                      Map.of(),
                      false)
                  .mounted())
          .isAtLeast(4);
      assertThat(
              skopeo.run(
                  "inspect",
                  "--tls-verify=false",
                  "--raw",
                  "docker://" + registry.host() + "/app2:v1"))
          .isEqualTo(index.toString());
    }
  }

  @Test
  void skopeo_dockerSchema2_isKeptAsItIs() throws Exception {
    Peer skopeo = Peer.find("skopeo");
    Path layout = folder.resolve("layout");
    SampleImage tar = SampleImage.withTarLayer();
    LayoutWriter.write(layout, List.of(LayoutWriter.tagged(tar.into(store), "v1")), store);
    try (RealRegistry registry = RealRegistry.start(folder, "", "");
        RegistryClient client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS)) {
      skopeo.run(
          "copy",
          "--format",
          "v2s2",
          "--dest-tls-verify=false",
          "oci:" + layout + ":v1",
          "docker://" + registry.host() + "/docker:v1");
      Repository from = registry.repository("docker");
      Manifest manifest = (Manifest) client.document(from.tag("v1"));
      MemoryBlobStore fresh = new MemoryBlobStore();
      pullAll(client, from, manifest, fresh);
      client.push(
          registry.repository("copy"),
          manifest.descriptor(),
          List.of("v1"),
          fresh,
          Map.of(),
          false);

      assertThat(manifest.mediaType())
          .isEqualTo("application/vnd.docker.distribution.manifest.v2+json");
      assertThat(client.document(registry.repository("copy").tag("v1"))).isEqualTo(manifest);
    }
  }

  private void pushAndPull(RegistryClient client, Repository repository) throws IOException {
    Descriptor root = image.into(store);

    PushReceipt receipt = client.push(repository, root, List.of("1", "2"), store, Map.of(), false);

    assertThat(receipt.uploaded()).isEqualTo(4);
    pull(client, repository, "2");
  }

  private void pull(RegistryClient client, Repository repository, String tag) throws IOException {
    MemoryBlobStore fresh = new MemoryBlobStore();
    ImageDocument document = client.document(repository.tag(tag));
    pullAll(client, repository, document, fresh);

    assertThat(document).isEqualTo(image.manifest());
    assertThat(fresh.digests()).hasSize(5);
  }

  private static void pullAll(
      RegistryClient client, Repository repository, ImageDocument document, MemoryBlobStore into)
      throws IOException {
    into.put(document.bytes());
    switch (document) {
      case Manifest manifest -> client.pullBlobs(repository, manifest.children(), into);
      case Index index -> {
        for (Descriptor child : index.manifests()) {
          pullAll(client, repository, client.document(repository, child), into);
        }
      }
    }
  }
}
