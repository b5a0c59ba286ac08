package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reading from a registry, or over a network, that misbehaves.
final class PullFaultsTest {
  private static final int SIZE = 100_000;

  private final byte[] bytes = new byte[SIZE];
  private final MemoryBlobStore store = new MemoryBlobStore();
  private final FakePacer pacer = new FakePacer();
  private final List<String> warnings = new ArrayList<>();
  private FakeRegistry registry;
  private RegistryClient client;
  private Repository repository;
  private Digest blob;

  @BeforeEach
  void start() throws IOException {
    new Random(7).nextBytes(bytes);
    blob = Digester.digest(bytes);
    registry = FakeRegistry.start();
    registry.add("a/b", bytes);
    repository = registry.repository("a/b");
    client =
        new RegistryClient(
            RegistryConfig.DEFAULT
                .withPacer(pacer)
                .withWarnings(warnings::add)
                .withStall(Duration.ofMillis(400)),
            Credentials.ANONYMOUS);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void cut_goesOnFromThere() throws IOException {
    registry.with(Faults.cutDownload(60_000, 1));

    client.pullBlob(repository, blob, store);

    assertThat(store.read(blob)).isEqualTo(bytes);
    assertThat(registry.requests().get(1).header("Range")).hasValue("bytes=60000-");
    assertThat(client.traffic().received()).isEqualTo(SIZE);
  }

  @Test
  void cuts_moreThanTheBudget_endWellAsLongAsTheyBringSomething() throws IOException {
    registry.with(Faults.cutDownload(5_000, 19));

    client.pullBlob(repository, blob, store);

    assertThat(store.contains(blob)).isTrue();
    assertThat(registry.requests()).hasSize(20);
  }

  @Test
  void cuts_withoutProgress_exhaustTheBudget() {
    registry.with(Faults.cutDownload(0, 100));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e)
        .hasMessageThat()
        .contains("cannot pull blob " + repository + "@sha256:" + blob.hex());
    assertThat(registry.requests()).hasSize(RetryPolicy.DEFAULT.fruitless());
    assertThat(store.digests()).isEmpty();
  }

  @Test
  void pauses_growAndVary() {
    registry.with(Faults.refuse(Request::readsBlob, 100, 500));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e).hasMessageThat().contains("HTTP 500 Internal Server Error (UNKNOWN: injected)");
    List<Long> millis = pacer.sleeps().stream().map(Duration::toMillis).toList();
    assertThat(millis).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(millis.get(i)).isAtLeast(250L << i);
      assertThat(millis.get(i)).isAtMost(500L << i);
    }
  }

  @Test
  void cut_rangesIgnored_skipsWhatItHas() throws IOException {
    registry.with(Faults.ignoreRanges()).with(Faults.cutDownload(60_000, 1));

    client.pullBlob(repository, blob, store);

    assertThat(store.read(blob)).isEqualTo(bytes);
    assertThat(client.traffic().received()).isEqualTo(60_000 + SIZE);
  }

  @Test
  void cut_wrongRangeServed_beginsAnew() throws IOException {
    registry
        .with(Faults.cutDownload(60_000, 1))
        .with(
            Faults.spoil(
                request -> request.header("Range").isPresent(),
                1,
                answer -> answer.with("Content-Range", "bytes 0-39999/100000")));

    client.pullBlob(repository, blob, store);

    assertThat(store.read(blob)).isEqualTo(bytes);
    assertThat(registry.requests().get(2).header("Range")).isEmpty();
  }

  @Test
  void cut_piecesOfDifferentContent_beginsAnew() throws IOException {
    registry
        .with(Faults.cutDownload(60_000, 1))
        .with(
            Faults.spoil(
                request -> request.header("Range").isPresent(),
                1,
                answer -> answer.withBody(new byte[40_000])));

    client.pullBlob(repository, blob, store);

    assertThat(store.read(blob)).isEqualTo(bytes);
    assertThat(registry.requests()).hasSize(3);
  }

  @Test
  void cut_then416_beginsAnew() throws IOException {
    registry
        .with(Faults.cutDownload(60_000, 1))
        .with(Faults.refuse(request -> request.header("Range").isPresent(), 1, 416));

    client.pullBlob(repository, blob, store);

    assertThat(store.read(blob)).isEqualTo(bytes);
  }

  @Test
  void wrongBytes_areBlamedOnTheRegistry() {
    registry.with(Faults.corruptBlobs(1));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e).hasMessageThat().contains("digest mismatch: expected " + blob.hex());
    assertThat(store.digests()).isEmpty();
  }

  @Test
  void wrongLength_isRefusedBeforeReading() {
    registry.with(Faults.spoil(Request::readsBlob, 1, a -> a.withBody(new byte[SIZE + 1])));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e)
        .hasMessageThat()
        .contains("size mismatch: expected 100000 bytes, the registry has 100001");
    assertThat(client.traffic().received()).isEqualTo(0);
  }

  @Test
  void noLength_tooMuch_isCutOff() {
    registry.with(
        Faults.spoil(Request::readsBlob, 1, a -> a.withBody(new byte[50_000_000]).claiming(-2)));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e).hasMessageThat().contains("more than the 100000 bytes that were announced");
    assertThat(client.traffic().received()).isLessThan(1_000_000L);
  }

  @Test
  void noLength_tooLittle_isAskedForAgain() throws IOException {
    byte[] part = java.util.Arrays.copyOf(bytes, 10_000);
    registry.with(Faults.spoil(Request::readsBlob, 1, a -> a.withBody(part).claiming(-2)));

    client.pullBlob(repository, blob, store);

    assertThat(store.read(blob)).isEqualTo(bytes);
  }

  @Test
  void noLength_isFine() throws IOException {
    registry.with(Faults.spoil(Request::readsBlob, 1, a -> a.claiming(-2)));

    client.pullBlob(repository, blob, store);

    assertThat(store.contains(blob)).isTrue();
  }

  @Test
  void tooManyRequests_waitsAsLongAsAsked() throws IOException {
    registry.with(Faults.tooManyRequests(Request::readsBlob, 2, "7"));

    client.pullBlob(repository, blob, store);

    assertThat(pacer.sleeps()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  @Test
  void tooManyRequests_holdsForAllTransfers() throws IOException {
    registry.with(Faults.tooManyRequests(Request::readsBlob, 1, "3600"));
    RetryPolicy patient = new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(2));
    try (RegistryClient mine =
        new RegistryClient(
            RegistryConfig.DEFAULT.withPacer(pacer).withRetries(patient), Credentials.ANONYMOUS)) {
      assertThrows(RegistryException.class, () -> mine.pullBlob(repository, blob, store));
      assertThat(mine.hasBlob(repository, blob)).isTrue();
    }

    assertThat(pacer.sleeps()).containsExactly(Duration.ofHours(1));
  }

  @Test
  void tooManyRequests_untilADate_waits() throws IOException {
    registry.with(Faults.tooManyRequests(Request::readsBlob, 1, "Thu, 1 Jan 2026 00:00:30 GMT"));

    client.pullBlob(repository, blob, store);

    assertThat(pacer.sleeps()).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void tooManyRequests_forAnHour_failsAtOnce() {
    registry.with(Faults.tooManyRequests(Request::readsBlob, 2, "3600"));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e)
        .hasMessageThat()
        .contains("HTTP 429 Too Many Requests (TOOMANYREQUESTS: slow down)");
    assertThat(pacer.sleeps()).isEmpty();
  }

  @Test
  void silence_isCutOffAndTriedAgain() throws IOException {
    registry.with(Faults.spoil(Request::readsBlob, 1, a -> a.dripping(Duration.ofSeconds(10))));

    client.pullBlob(repository, blob, store);

    assertThat(store.contains(blob)).isTrue();
    assertThat(registry.requests()).hasSize(2);
  }

  @Test
  void slowness_isNotSilence() throws IOException {
    registry.with(Faults.drip(Request::readsBlob, Duration.ofMillis(15)));

    client.pullBlob(repository, blob, store);

    assertThat(store.contains(blob)).isTrue();
    assertThat(registry.requests()).hasSize(1);
  }

  @Test
  void redirect_toAnotherHost_carriesNoCredential() throws IOException {
    try (FakeRegistry storage = FakeRegistry.start();
        RegistryClient mine =
            new RegistryClient(
                RegistryConfig.DEFAULT,
                repository ->
                    java.util.Optional.of(new Credential.Password("me", "secret", "test")))) {
      storage.add("a/b", bytes);
      registry.auth().requireBasic("me", "secret");
      // Learn that the registry wants a login.
      assertThat(mine.hasBlob(repository, blob)).isTrue();
      registry.with(Faults.redirectBlobs(storage));

      mine.pullBlob(repository, blob, store);

      assertThat(store.contains(blob)).isTrue();
      assertThat(registry.requests().getLast().header("Authorization")).isPresent();
      assertThat(storage.requests()).hasSize(1);
      assertThat(storage.requests().getFirst().header("Authorization")).isEmpty();
    }
  }

  @Test
  void redirect_challengeOfTheOtherHost_isNotAnswered() throws IOException {
    try (FakeRegistry storage = FakeRegistry.start();
        RegistryClient mine =
            new RegistryClient(
                RegistryConfig.DEFAULT.withPacer(pacer),
                repository ->
                    java.util.Optional.of(new Credential.Password("me", "secret", "test")))) {
      storage.auth().requireBasic("me", "secret");
      registry.with(Faults.redirectBlobs(storage));

      assertThrows(RegistryException.class, () -> mine.pullBlob(repository, blob, store));

      assertThat(storage.requests().stream().anyMatch(r -> r.header("Authorization").isPresent()))
          .isFalse();
    }
  }

  @Test
  void redirect_expiredAddress_isAskedForAgain() throws IOException {
    try (FakeRegistry storage = FakeRegistry.start()) {
      storage.add("a/b", bytes);
      storage.with(Faults.refuse(Request::readsBlob, 1, 403));
      registry.with(Faults.redirectBlobs(storage));

      client.pullBlob(repository, blob, store);

      assertThat(registry.requests()).hasSize(2);
    }
  }

  @Test
  void redirect_inCircles_ends() {
    registry.with(
        Faults.replace(
            Request::readsBlob,
            100,
            Answer.of(302).with("Location", "/v2/a/b/blobs/sha256:" + blob.hex())));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e).hasMessageThat().contains("more than 5 redirects");
  }

  @Test
  void redirect_toNoWebAddress_isRefused() {
    registry.with(
        Faults.replace(
            Request::readsBlob, 1, Answer.of(302).with("Location", "file:///etc/passwd")));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e).hasMessageThat().contains("redirected to an unusable address");
  }

  @Test
  void manifest_wrongBytesForItsDigest_isRefused() {
    SampleImage image = SampleImage.of(1, 10);
    image.into(registry, "a/b", "1");
    Reference reference = repository.digest(image.manifest().descriptor().digest());
    registry.with(
        Faults.spoil(
            Request::readsManifest, 1, a -> a.withBody("{}".getBytes(StandardCharsets.UTF_8))));

    var e = assertThrows(RegistryException.class, () -> client.document(reference));

    assertThat(e)
        .hasMessageThat()
        .contains("digest mismatch: expected " + image.manifest().descriptor().digest());
  }

  @Test
  void manifest_byTag_headerThatLies_isRefused() {
    SampleImage.of(1, 10).into(registry, "a/b", "1");
    registry.with(
        Faults.spoil(
            Request::readsManifest,
            1,
            a -> a.with("Docker-Content-Digest", "sha256:" + blob.hex())));

    var e = assertThrows(RegistryException.class, () -> client.document(repository.tag("1")));

    assertThat(e).hasMessageThat().contains("digest mismatch");
  }

  @Test
  void manifest_withoutDigestHeader_isFine() throws IOException {
    SampleImage image = SampleImage.of(1, 10);
    image.into(registry, "a/b", "1");
    registry.with(
        Faults.spoil(
            r -> r.path().contains("/manifests/"), 9, a -> a.without("Docker-Content-Digest")));

    assertThat(client.document(repository.tag("1"))).isEqualTo(image.manifest());
    assertThat(client.documents().head(repository.tag("1")))
        .hasValue(image.manifest().descriptor());
  }

  @Test
  void manifest_withoutHead_isAskedForInFull() throws IOException {
    SampleImage image = SampleImage.of(1, 10);
    image.into(registry, "a/b", "1");
    registry.with(Faults.refuse(r -> r.method().equals("HEAD"), 1, 405));

    assertThat(client.documents().head(repository.tag("1")))
        .hasValue(image.manifest().descriptor());
  }

  @Test
  void manifest_ofAnotherType_isRefused() {
    SampleImage.of(1, 10).into(registry, "a/b", "1");
    registry.with(
        Faults.spoil(Request::readsManifest, 1, a -> a.with("Content-Type", "text/html")));

    var e = assertThrows(RegistryException.class, () -> client.document(repository.tag("1")));

    assertThat(e)
        .hasMessageThat()
        .contains("the answer is of type 'text/html', expected an image manifest or index");
  }

  @Test
  void manifest_typeThatContradictsTheDocument_isRefused() {
    SampleImage.of(1, 10).into(registry, "a/b", "1");
    registry.with(
        Faults.spoil(
            Request::readsManifest,
            1,
            a -> a.with("Content-Type", "application/vnd.docker.distribution.manifest.v2+json")));

    var e = assertThrows(DocumentException.class, () -> client.document(repository.tag("1")));

    assertThat(e).hasMessageThat().contains("mediaType: says");
  }

  @Test
  void manifest_ofAnotherTypeThanItsDescriptor_isRefused() {
    SampleImage image = SampleImage.of(1, 10);
    image.into(registry, "a/b", "1");
    Descriptor asIndex =
        image.manifest().descriptor().withMediaType("application/vnd.oci.image.index.v1+json");

    var e = assertThrows(RegistryException.class, () -> client.document(repository, asIndex));

    assertThat(e).hasMessageThat().contains("expected application/vnd.oci.image.index.v1+json");
  }

  @Test
  void manifest_tooLarge_isCutOff() {
    SampleImage.of(1, 10).into(registry, "a/b", "1");
    registry.with(
        Faults.spoil(Request::readsManifest, 1, a -> a.withBody(new byte[5 << 20]).claiming(-2)));

    var e = assertThrows(RegistryException.class, () -> client.document(repository.tag("1")));

    assertThat(e).hasMessageThat().contains("larger than 4194304 bytes");
  }

  @Test
  void manifest_schema1_isRefusedWithReason() {
    registry
        .content()
        .addDocument(
            "a/b",
            "old",
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "{\"schemaVersion\":1}".getBytes(StandardCharsets.UTF_8));

    var e =
        assertThrows(
            dev.athanor.engine.UserException.class, () -> client.document(repository.tag("old")));

    assertThat(e).hasMessageThat().contains("schema 1, which has no stable digest");
  }

  @Test
  void warnings_areToldOnce() throws IOException {
    registry.with(
        Faults.spoil(r -> true, 9, a -> a.with("Warning", "299 - \"this repository\tgoes away\"")));

    assertThat(client.hasBlob(repository, blob)).isTrue();
    assertThat(client.hasBlob(repository, blob)).isTrue();

    assertThat(warnings).containsExactly(registry.host() + " warns: this repository goes away");
  }

  @Test
  void errorText_cannotDrawOnTheTerminal() {
    registry.with(Faults.replace(r -> true, 1, Answer.error(404, "X", "\\u001b[2Jgone")));

    var e = assertThrows(RegistryException.class, () -> client.pullBlob(repository, blob, store));

    assertThat(e).hasMessageThat().contains("(X: [2Jgone)");
  }

  @Test
  void tokens_thatExpireEarly_areRenewed() throws IOException {
    registry.auth().requireTokens("me", "secret", "");
    try (RegistryClient mine = client(new Credential.Password("me", "secret", "test"))) {
      assertThat(mine.hasBlob(repository, blob)).isTrue();
      registry.auth().expireTokens();
      mine.pullBlob(repository, blob, store);
    }

    assertThat(registry.auth().tokensGiven()).isEqualTo(2);
    assertThat(store.contains(blob)).isTrue();
  }

  @Test
  void tokens_areReplacedBeforeTheyExpire() throws IOException {
    registry.auth().requireTokens("me", "secret", "");
    try (RegistryClient mine = client(new Credential.Password("me", "secret", "test"))) {
      assertThat(mine.hasBlob(repository, blob)).isTrue();
      pacer.advance(Duration.ofSeconds(280));
      assertThat(mine.hasBlob(repository, blob)).isTrue();
      assertThat(registry.auth().tokensGiven()).isEqualTo(1);
      pacer.advance(Duration.ofSeconds(15));
      assertThat(mine.hasBlob(repository, blob)).isTrue();
    }

    assertThat(registry.auth().tokensGiven()).isEqualTo(2);
    assertThat(registry.requests().stream().filter(r -> r.path().contains("/blobs/"))).hasSize(4);
  }

  @Test
  void wrongPassword_failsWithoutHammering() {
    registry.auth().requireBasic("me", "secret");
    try (RegistryClient mine = client(new Credential.Password("me", "wrong-secret", "test"))) {
      var e = assertThrows(RegistryException.class, () -> mine.pullBlob(repository, blob, store));

      assertThat(e).hasMessageThat().contains("HTTP 401");
      assertThat(e.toString() + e.hint()).doesNotContain("wrong-secret");
      assertThat(registry.requests()).hasSize(2);
    }
  }

  @Test
  void wrongPassword_atTheTokenServer_namesItsSourceOnly() {
    registry.auth().requireTokens("me", "secret", "");
    try (RegistryClient mine =
        client(new Credential.Password("me", "wrong-secret", "/some/file"))) {
      var e = assertThrows(RegistryException.class, () -> mine.pullBlob(repository, blob, store));

      assertThat(e)
          .hasMessageThat()
          .contains("gives no token to user 'me' from /some/file (UNAUTHORIZED: wrong login)");
      assertThat(e.toString() + e.hint()).doesNotContain("wrong-secret");
    }
  }

  @Test
  void anonymous_getsATokenToo() throws IOException {
    registry.auth().requireTokens("me", "secret", "");
    registry.auth().allowAnonymousPull();

    client.pullBlob(repository, blob, store);

    assertThat(store.contains(blob)).isTrue();
  }

  @Test
  void manyThreads_oneBlob_oneDownload() throws Exception {
    registry.with(Faults.drip(Request::readsBlob, Duration.ofMillis(2)));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(
            threads.submit(() -> {
              client.pullBlob(repository, blob, store);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertThat(registry.requests()).hasSize(1);
  }

  @Test
  void concurrency_isBounded() throws Exception {
    var open = new java.util.concurrent.atomic.AtomicInteger();
    var most = new java.util.concurrent.atomic.AtomicInteger();
    registry.with(
        new Fault() {
          @Override
          public Answer after(Request request, Answer answer) throws IOException {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            try {
              Thread.sleep(20);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            open.decrementAndGet();
            return answer;
          }
        });
    SampleImage image = SampleImage.of(3, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);
    image.into(registry, "a/b", "1");
    try (RegistryClient narrow =
        new RegistryClient(RegistryConfig.DEFAULT.withConcurrency(3), Credentials.ANONYMOUS)) {
      narrow.pullBlobs(repository, image.manifest().children(), store);
    }

    assertThat(store.digests()).hasSize(13);
    assertThat(most.get()).isAtMost(3);
    assertThat(most.get()).isAtLeast(2);
  }

  @Test
  void oneFailure_endsTheOthers() {
    SampleImage image = SampleImage.of(3, 1 << 20, 10);
    image.into(registry, "a/b", "1");
    Digest small = image.manifest().layers().get(1).blob();
    registry.with(
        Faults.drip(r -> r.readsBlob() && !r.path().endsWith(small.hex()), Duration.ofMillis(50)));
    registry.with(Faults.refuse(r -> r.path().endsWith(small.hex()), 1, 403));
    long start = System.nanoTime();

    assertThrows(
        RegistryException.class,
        () -> client.pullBlobs(repository, image.manifest().layers(), store));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void mirror_isAskedFirst_andTheRegistryWhenItFails() throws IOException {
    try (FakeRegistry mirror = FakeRegistry.start()) {
      SampleImage image = SampleImage.of(1, 10, 20);
      image.into(mirror, "hub/a/b", "1");
      image.into(registry, "a/b", "1");
      List<String> mirrors = List.of(mirror.host() + "/hub");
      try (RegistryClient mine =
          new RegistryClient(
              RegistryConfig.DEFAULT.withMirrorsOf(_ -> mirrors).withPacer(pacer),
              Credentials.ANONYMOUS)) {
        mine.document(repository.tag("1"));
        assertThat(registry.requests()).isEmpty();

        mirror.with(Faults.refuse(r -> r.readsBlob(), 100, 404));
        mine.pullBlobs(repository, image.manifest().layers(), store);
        assertThat(registry.requests()).hasSize(2);
        assertThat(store.digests()).hasSize(2);
      }
    }
  }

  @Test
  void mirror_neverSeesTheRegistrysCredential() throws IOException {
    try (FakeRegistry mirror = FakeRegistry.start()) {
      mirror.auth().requireBasic("me", "secret");
      registry.auth().requireBasic("me", "secret");
      List<String> mirrors = List.of(mirror.host());
      try (RegistryClient mine =
          new RegistryClient(
              RegistryConfig.DEFAULT.withMirrorsOf(_ -> mirrors).withPacer(pacer),
              new GivenCredentials(
                  Map.of(
                      registry.host(), () -> new Credential.Password("me", "secret", "test"))))) {
        mine.pullBlob(repository, blob, store);
      }
      assertThat(mirror.requests()).isNotEmpty();
      assertThat(mirror.requests().stream().anyMatch(r -> r.header("Authorization").isPresent()))
          .isFalse();
    }
  }

  @Test
  void mirror_down_isNoTrouble() throws IOException {
    FakeRegistry mirror = FakeRegistry.start();
    mirror.close();
    List<String> mirrors = List.of(mirror.host());
    try (RegistryClient mine =
        new RegistryClient(
            RegistryConfig.DEFAULT.withMirrorsOf(_ -> mirrors), Credentials.ANONYMOUS)) {
      mine.pullBlob(repository, blob, store);
    }
    assertThat(store.contains(blob)).isTrue();
  }

  private RegistryClient client(Credential credential) {
    return new RegistryClient(
        RegistryConfig.DEFAULT.withPacer(pacer),
        new GivenCredentials(Map.of(registry.host(), () -> credential)));
  }
}
