package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistryClientTest {
  private final SampleImage image = SampleImage.of(1, 1000, 2000, 3000);
  private final MemoryBlobStore store = new MemoryBlobStore();
  private FakeRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    registry = FakeRegistry.start();
    client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void pull_byTag() throws IOException {
    image.into(registry, "a/b", "1");

    Manifest manifest = (Manifest) client.document(registry.repository("a/b").tag("1"));
    client.pullBlobs(registry.repository("a/b"), manifest.children(), store);

    assertThat(manifest).isEqualTo(image.manifest());
    assertThat(store.digests()).hasSize(4);
    assertThat(registry.log()).hasSize(5);
  }

  @Test
  void head_isOneRequest() throws IOException {
    image.into(registry, "a/b", "1");

    assertThat(client.documents().head(registry.repository("a/b").tag("1")))
        .hasValue(image.manifest().descriptor());
    assertThat(client.documents().head(registry.repository("a/b").tag("2"))).isEmpty();
    assertThat(registry.log())
        .containsExactly("HEAD /v2/a/b/manifests/1", "HEAD /v2/a/b/manifests/2")
        .inOrder();
  }

  @Test
  void push_thenNothingNew_isOneRequest() throws IOException {
    Descriptor root = image.into(store);
    Repository to = registry.repository("a/b");

    PushReceipt first = client.push(to, root, List.of("1"), store, Map.of(), false);
    registry.forgetRequests();
    PushReceipt second = client.push(to, root, List.of("1"), store, Map.of(), false);

    assertThat(first.uploaded()).isEqualTo(4);
    assertThat(first.unchanged()).isFalse();
    assertThat(second.unchanged()).isTrue();
    assertThat(registry.log()).containsExactly("HEAD /v2/a/b/manifests/1");
    assertThat(registry.content().document("a/b", "1")).isEqualTo(image.manifest().bytes());
    assertThat(registry.content().openUploads()).isEqualTo(0);
  }

  @Test
  void push_index_childrenBeforeParents() throws IOException {
    SampleImage arm = SampleImage.of(2, Platform.of("linux", "arm64"), 100);
    Index index = Index.of(List.of(image.into(store), arm.into(store)));
    store.put(index.bytes());
    Repository to = registry.repository("multi");

    client.push(to, index.descriptor(), List.of("1", "latest"), store, Map.of(), false);

    List<String> puts =
        registry.log().stream()
            .filter(line -> line.startsWith("PUT") && line.contains("/manifests/"))
            .toList();
    assertThat(puts).hasSize(4);
    assertThat(puts.subList(2, 4))
        .containsExactly("PUT /v2/multi/manifests/1", "PUT /v2/multi/manifests/latest")
        .inOrder();
  }

  @Test
  void push_toSeveralRepositoriesAtOnce_sendsSharedBlobsOnce() throws Exception {
    registry.with(Faults.slow(request -> request.method().equals("POST"), Duration.ofMillis(100)));

    List<PushReceipt> receipts = pushToFour();

    assertThat(receipts.stream().mapToInt(PushReceipt::uploaded).sum()).isEqualTo(4);
    assertThat(receipts.stream().mapToInt(PushReceipt::mounted).sum()).isEqualTo(12);
  }

  @Test
  void push_toSeveralRepositoriesAtOnce_withoutMounts_sendsAll() throws Exception {
    registry.with(Faults.slow(request -> request.method().equals("POST"), Duration.ofMillis(100)));
    registry.with(Faults.refuseMounts());

    List<PushReceipt> receipts = pushToFour();

    assertThat(receipts.stream().mapToInt(PushReceipt::uploaded).sum()).isEqualTo(16);
    for (int i = 0; i < 4; i++) {
      assertThat(registry.content().document("app" + i, "1")).isEqualTo(image.manifest().bytes());
    }
  }

  private List<PushReceipt> pushToFour() throws Exception {
    Descriptor root = image.into(store);
    List<Future<PushReceipt>> pushes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        Repository to = registry.repository("app" + i);
        pushes.add(
            threads.submit(() -> client.push(to, root, List.of("1"), store, Map.of(), false)));
      }
    }
    List<PushReceipt> receipts = new ArrayList<>();
    for (Future<PushReceipt> push : pushes) {
      receipts.add(push.get());
    }
    return receipts;
  }

  @Test
  void push_absentBaseBlobs_areMountedFromTheirOrigin() throws IOException {
    image.into(registry, "base", "1");
    Repository base = registry.repository("base");
    store.put(image.config().bytes());
    store.put(image.manifest().bytes());
    Map<dev.athanor.engine.digest.Digest, Repository> origins = new HashMap<>();
    image.manifest().layers().forEach(layer -> origins.put(layer.blob(), base));

    PushReceipt receipt =
        client.push(
            registry.repository("app"),
            image.manifest().descriptor(),
            List.of("1"),
            store,
            origins,
            false);

    assertThat(receipt.mounted()).isEqualTo(3);
    assertThat(receipt.uploaded()).isEqualTo(1);
    assertThat(store.digests()).hasSize(2);
  }

  @Test
  void push_absentBaseBlobs_areFetchedWhenMountingFails() throws IOException {
    FakeRegistry other = FakeRegistry.start();
    try (other) {
      image.into(other, "base", "1");
      store.put(image.config().bytes());
      store.put(image.manifest().bytes());
      Map<dev.athanor.engine.digest.Digest, Repository> origins = new HashMap<>();
      image
          .manifest()
          .layers()
          .forEach(layer -> origins.put(layer.blob(), other.repository("base")));

      PushReceipt receipt =
          client.push(
              registry.repository("app"),
              image.manifest().descriptor(),
              List.of("1"),
              store,
              origins,
              false);

      assertThat(receipt.uploaded()).isEqualTo(4);
      assertThat(registry.content().document("app", "1")).isEqualTo(image.manifest().bytes());
    }
  }

  @Test
  void basicAuth_onlyAfterBeingAsked() throws IOException {
    image.into(registry, "a/b", "1");
    registry.auth().requireBasic("me", "secret");
    try (RegistryClient mine = client(new Credential.Password("me", "secret", "test"))) {
      mine.document(registry.repository("a/b").tag("1"));
      mine.document(registry.repository("a/b").tag("1"));
    }

    assertThat(
            registry.requests().stream().map(r -> r.header("Authorization").isPresent()).toList())
        .containsExactly(false, true, true)
        .inOrder();
  }

  @Test
  void tokens_areSharedByRequestsOfOneScope() throws IOException {
    registry.auth().requireTokens("me", "secret", "");
    Descriptor root = image.into(store);
    try (RegistryClient mine = client(new Credential.Password("me", "secret", "test"))) {
      mine.push(registry.repository("a/b"), root, List.of("1"), store, Map.of(), false);
      Manifest manifest = (Manifest) mine.document(registry.repository("a/b").tag("1"));
      mine.pullBlobs(registry.repository("a/b"), manifest.children(), new MemoryBlobStore());
    }

    // One to look (pull), one to push.
    assertThat(registry.auth().tokensGiven()).isEqualTo(2);
  }

  @Test
  void identityToken_isPosted() throws IOException {
    image.into(registry, "a/b", "1");
    registry.auth().requireTokens("me", "secret", "refresh-me");
    try (RegistryClient mine = client(new Credential.IdentityToken("refresh-me", "test"))) {
      mine.document(registry.repository("a/b").tag("1"));
    }

    assertThat(registry.log()).contains("POST /token");
  }

  @Test
  void unauthorized_saysHowToLogIn() {
    image.into(registry, "a/b", "1");
    registry.auth().requireBasic("me", "secret");
    Reference reference = registry.repository("a/b").tag("1");

    var e = assertThrows(RegistryException.class, () -> client.document(reference));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "cannot pull "
                + reference
                + ": "
                + registry.host()
                + " answered HTTP 401 Unauthorized (UNAUTHORIZED: authentication required)");
    assertThat(e.hint().orElseThrow()).contains("docker login " + registry.host());
  }

  @Test
  void notFound_namesReferenceStatusAndCode() {
    Reference reference = registry.repository("a/b").tag("none");

    var e = assertThrows(RegistryException.class, () -> client.document(reference));

    assertThat(e).hasMessageThat().contains("cannot pull " + reference);
    assertThat(e)
        .hasMessageThat()
        .contains("HTTP 404 Not Found (MANIFEST_UNKNOWN: manifest unknown)");
  }

  @Test
  void nobodyThere_isSaidAtOnce() {
    Reference reference = registry.repository("a/b").tag("1");
    registry.close();

    var e = assertThrows(RegistryException.class, () -> client.document(reference));

    assertThat(e).hasMessageThat().contains("connection to " + registry.host() + " refused");
    assertThat(client.traffic().retries()).isEqualTo(0);
  }

  private RegistryClient client(Credential credential) {
    return new RegistryClient(
        RegistryConfig.DEFAULT, new GivenCredentials(Map.of(registry.host(), () -> credential)));
  }
}
