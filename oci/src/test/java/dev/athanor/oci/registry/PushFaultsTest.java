package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Writing to a registry, or over a network, that misbehaves.
final class PushFaultsTest {
  private static final int LARGE = (int) BlobUpload.CHUNKED_FROM + 500_000;

  private final MemoryBlobStore store = new MemoryBlobStore();
  private final FakePacer pacer = new FakePacer();
  private FakeRegistry registry;
  private RegistryClient client;
  private Repository to;

  @BeforeEach
  void start() throws IOException {
    registry = FakeRegistry.start();
    to = registry.repository("a/b");
    client =
        new RegistryClient(
            RegistryConfig.DEFAULT.withPacer(pacer).withStall(Duration.ofSeconds(2)),
            Credentials.ANONYMOUS);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void large_goesInOneChunk() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);

    push(image);

    assertThat(patches()).containsExactly("0-" + (LARGE - 1));
    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void large_cut_goesOnFromThere() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry.with(Faults.cutUpload(3_000_000, 2));

    push(image);

    assertThat(patches())
        .containsExactly("0-" + (LARGE - 1), "3000000-" + (LARGE - 1), "6000000-" + (LARGE - 1))
        .inOrder();
    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void large_cutsMoreThanTheBudget_endWell() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry.with(Faults.cutUpload(500_000, 12));

    push(image);

    assertThat(patches()).hasSize(13);
  }

  @Test
  void large_cutAndForgotten_beginsAnew() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry
        .with(Faults.cutUpload(3_000_000, 1))
        .with(
            new Fault() {
              @Override
              public @Nullable Answer before(Request request) {
                if (request.method().equals("GET")) {
                  registry.content().loseUploads();
                }
                return null;
              }
            });

    push(image);

    assertThat(patches()).containsExactly("0-" + (LARGE - 1), "0-" + (LARGE - 1));
  }

  @Test
  void large_piecesMixedUp_beginsAnew() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry
        .with(Faults.cutUpload(3_000_000, 1))
        .with(
            Faults.replace(
                r -> r.method().equals("PUT") && r.path().contains("/blobs/") && length(r) == 0,
                1,
                Answer.error(400, "DIGEST_INVALID", "mixed up")));

    push(image);

    assertThat(patches()).hasSize(3);
    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void large_416_asksWhereToGoOn() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    // The first attempt breaks after 3 MB; the position then told is wrong, so that the next is
    // refused.
    registry
        .with(Faults.cutUpload(3_000_000, 1))
        .with(Faults.spoil(r -> r.method().equals("GET"), 1, a -> a.with("Range", "0-1999999")));

    push(image);

    assertThat(patches())
        .containsExactly("0-" + (LARGE - 1), "2000000-" + (LARGE - 1), "3000000-" + (LARGE - 1))
        .inOrder();
    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void large_416ForEver_gives_up_andCancels() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry.with(Faults.refuse(r -> r.method().equals("PATCH"), 100, 416));

    var e = assertThrows(RegistryException.class, () -> push(image));

    assertThat(e).hasMessageThat().contains("cannot push blob " + to + "@");
    assertThat(patches().size()).isAtMost(RetryPolicy.DEFAULT.fruitless());
  }

  @Test
  void large_tooLargeForAProxy_isCutIntoChunks() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry.with(
        Faults.refuse(
            r ->
                r.method().equals("PATCH")
                    && r.header("Content-length")
                        .filter(n -> Long.parseLong(n) > 3_000_000)
                        .isPresent(),
            100,
            413));

    push(image);

    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void chunks_areNotSmallerThanTheRegistryWants() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry
        .with(
            Faults.spoil(
                r -> r.method().equals("POST"),
                100,
                a -> a.with("OCI-Chunk-Min-Length", "3000000")))
        .with(Faults.refuse(r -> r.method().equals("PATCH") && length(r) > 3_500_000, 100, 413));

    push(image);

    List<Long> lengths =
        registry.requests().stream()
            .filter(r -> r.method().equals("PATCH") && length(r) <= 3_500_000)
            .map(PushFaultsTest::length)
            .toList();
    assertThat(lengths.subList(0, lengths.size() - 1)).containsExactly(3_000_000L, 3_000_000L);
  }

  private static long length(Request request) {
    return request.header("Content-length").map(Long::parseLong).orElse(0L);
  }

  @Test
  void large_tooLargeEvenInChunks_says() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE);
    registry.add("a/b", image.config().bytes());
    registry.with(Faults.refuse(r -> r.method().equals("PATCH"), 1000, 413));

    var e = assertThrows(RegistryException.class, () -> push(image));

    assertThat(e).hasMessageThat().contains("HTTP 413");
    assertThat(registry.content().openUploads()).isEqualTo(0);
  }

  @Test
  void small_cut_isSentAgain() throws IOException {
    SampleImage image = SampleImage.of(1, 50_000);
    registry.with(Faults.cutUpload(10_000, 2));

    push(image);

    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void small_serverErrors_areTriedAgain() throws IOException {
    SampleImage image = SampleImage.of(1, 50_000);
    registry.with(Faults.refuse(r -> r.method().equals("PUT"), 3, 503));

    push(image);

    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
    assertThat(pacer.sleeps()).hasSize(3);
  }

  @Test
  void refusal_isToldAndTheUploadCancelled() throws IOException {
    SampleImage image = SampleImage.of(1, 50_000);
    registry.add("a/b", image.config().bytes());
    registry.with(Faults.refuse(r -> r.method().equals("PUT"), 100, 403));

    var e = assertThrows(RegistryException.class, () -> push(image));

    assertThat(e).hasMessageThat().contains("HTTP 403 Forbidden (UNKNOWN: injected)");
    assertThat(registry.content().openUploads()).isEqualTo(0);
    assertThat(registry.log().stream().filter(line -> line.startsWith("DELETE"))).isNotEmpty();
  }

  @Test
  void refusal_cancelsTheUploadsOfOtherBlobsToo() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE, 50_000);
    registry.add("a/b", image.config().bytes());
    CountDownLatch patching = new CountDownLatch(1);
    registry.with(
        new Fault() {
          @Override
          public @Nullable Answer before(Request request) throws IOException {
            try {
              if (request.method().equals("PATCH")) {
                patching.countDown();
                Thread.sleep(2_000);
              } else if (request.method().equals("PUT")) {
                patching.await();
                return Answer.error(403, "DENIED", "no");
              }
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return null;
          }
        });

    assertThrows(RegistryException.class, () -> push(image));

    assertThat(registry.log().stream().filter(line -> line.startsWith("DELETE"))).hasSize(2);
    assertThat(registry.content().openUploads()).isEqualTo(0);
  }

  @Test
  void mount_isTriedWhereTheBlobIsKnownToBe() throws IOException {
    SampleImage image = SampleImage.of(1, 5_000);
    image.into(registry, "other", "1");
    client.document(registry.repository("other").tag("1"));

    PushReceipt receipt = push(image);

    assertThat(receipt.mounted()).isEqualTo(2);
    assertThat(client.traffic().sent()).isEqualTo(image.manifest().bytes().length);
  }

  @Test
  void mount_refused_isAnOrdinaryUpload() throws IOException {
    SampleImage image = SampleImage.of(1, 5_000);
    image.into(registry, "other", "1");
    client.document(registry.repository("other").tag("1"));
    registry.with(Faults.refuse(r -> r.parameter("mount").isPresent(), 100, 404));

    PushReceipt receipt = push(image);

    assertThat(receipt.mounted()).isEqualTo(0);
    assertThat(receipt.uploaded()).isEqualTo(2);
    assertThat(registry.content().hasBlob("a/b", image.layers().getFirst())).isTrue();
  }

  @Test
  void mount_ofWhatIsGone_uploadsInTheUploadThatWasOpened() throws IOException {
    SampleImage image = SampleImage.of(1, 5_000);
    // The manifest promises blobs that the registry does not have: mounting them gives 202.
    registry.add("other", "1", image.manifest());
    client.document(registry.repository("other").tag("1"));

    PushReceipt receipt = push(image);

    assertThat(receipt.uploaded()).isEqualTo(2);
    assertThat(registry.log().stream().filter(line -> line.equals("POST /v2/a/b/blobs/uploads/")))
        .isEmpty();
    assertThat(registry.content().openUploads()).isEqualTo(0);
  }

  @Test
  void tokens_expiringInTheMiddle_areRenewed() throws IOException {
    SampleImage image = SampleImage.of(1, LARGE, 1000);
    registry.auth().requireTokens("me", "secret", "");
    registry.with(
        new Fault() {
          private boolean done;

          @Override
          public @Nullable Answer before(Request request) {
            if (request.method().equals("PATCH") && !done) {
              done = true;
              registry.auth().expireTokens();
            }
            return null;
          }
        });
    Credentials me =
        new GivenCredentials(
            Map.of(registry.host(), () -> new Credential.Password("me", "secret", "test")));
    try (RegistryClient mine = new RegistryClient(RegistryConfig.DEFAULT.withPacer(pacer), me)) {
      mine.push(to, image.into(store), List.of("1"), store, Map.of(), false);
    }

    assertThat(registry.content().document("a/b", "1")).isEqualTo(image.manifest().bytes());
  }

  @Test
  void location_onAnotherHost_carriesNoCredential() throws IOException {
    SampleImage image = SampleImage.of(1, 5_000);
    try (FakeRegistry storage = FakeRegistry.start()) {
      registry.auth().requireBasic("me", "secret");
      registry.with(
          Faults.spoil(
              r -> r.method().equals("POST"),
              100,
              a ->
                  a.status() == 202
                      ? a.with("Location", "http://" + storage.host() + "/up?x=1")
                      : a));
      storage.with(Faults.replace(r -> true, 100, Answer.of(201)));
      Credentials me =
          repository -> java.util.Optional.of(new Credential.Password("me", "secret", "test"));
      try (RegistryClient mine = new RegistryClient(RegistryConfig.DEFAULT, me)) {
        mine.push(to, image.into(store), List.of("1"), store, Map.of(), false);
      }
      assertThat(storage.requests()).hasSize(2);
      for (Request request : storage.requests()) {
        assertThat(request.header("Authorization")).isEmpty();
        assertThat(request.query()).startsWith("x=1&digest=sha256:");
      }
    }
  }

  @Test
  void location_missing_isToldSo() throws IOException {
    registry.with(Faults.spoil(r -> r.method().equals("POST"), 100, a -> a.without("Location")));

    var e = assertThrows(RegistryException.class, () -> push(SampleImage.of(1, 5_000)));

    assertThat(e).hasMessageThat().contains("names no usable address to upload to");
  }

  @Test
  void manifest_otherDigestStored_isNoticed() {
    registry.with(
        Faults.spoil(
            r -> r.method().equals("PUT") && r.path().contains("/manifests/"),
            1,
            a -> a.with("Docker-Content-Digest", "sha256:" + "0".repeat(64))));

    var e = assertThrows(RegistryException.class, () -> push(SampleImage.of(1, 10)));

    assertThat(e).hasMessageThat().contains("the registry stored sha256:000000");
  }

  @Test
  void manyImages_shareTheirBlobs() throws Exception {
    SampleImage image = SampleImage.of(1, 100_000, 200_000);
    Descriptor root = image.into(store);
    registry.with(Faults.drip(r -> r.method().equals("HEAD"), Duration.ofMillis(5)));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PushReceipt>> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        List<String> tags = List.of("t" + i);
        all.add(threads.submit(() -> client.push(to, root, tags, store, Map.of(), false)));
      }
      for (Future<PushReceipt> one : all) {
        one.get();
      }
    }

    long uploads =
        registry.log().stream().filter(l -> l.startsWith("PUT") && l.contains("/blobs/")).count();
    assertThat(uploads).isEqualTo(3);
  }

  @Test
  void existence_isRemembered() throws IOException {
    SampleImage image = SampleImage.of(1, 10, 20);
    push(image);
    registry.forgetRequests();

    Manifest relabelled = image.manifest().withAnnotations(Map.of("k", "v"));
    store.put(relabelled.bytes());
    client.push(to, relabelled.descriptor(), List.of("2"), store, Map.of(), false);

    assertThat(registry.log())
        .containsExactly("HEAD /v2/a/b/manifests/2", "PUT /v2/a/b/manifests/2");
  }

  @Test
  void existence_thatIsOutdated_isForgotten() throws IOException {
    SampleImage image = SampleImage.of(1, 10, 20);
    push(image);
    registry.with(
        Faults.replace(
            r -> r.method().equals("PUT") && r.path().endsWith("/2"),
            1,
            Answer.error(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown")));
    Manifest relabelled = image.manifest().withAnnotations(Map.of("k", "v"));
    store.put(relabelled.bytes());

    client.push(to, relabelled.descriptor(), List.of("2"), store, Map.of(), false);

    assertThat(registry.content().document("a/b", "2")).isEqualTo(relabelled.bytes());
  }

  @Test
  void missingLocally_isNotSilent() throws IOException {
    SampleImage image = SampleImage.of(1, 10, 20);
    Descriptor root = image.into(store);
    Digest lost = image.manifest().layers().getFirst().blob();
    store.remove(lost);

    var e =
        assertThrows(
            dev.athanor.engine.cas.MissingBlobException.class,
            () -> client.push(to, root, List.of("1"), store, Map.of(), false));

    assertThat(e.digest()).isEqualTo(lost);
    assertThat(registry.content().documentNames()).isEmpty();
  }

  private PushReceipt push(SampleImage image) throws IOException {
    return client.push(to, image.into(store), List.of("1"), store, Map.of(), false);
  }

  private List<String> patches() {
    return registry.requests().stream()
        .filter(request -> request.method().equals("PATCH"))
        .map(request -> request.header("Content-Range").orElse("?"))
        .toList();
  }
}
