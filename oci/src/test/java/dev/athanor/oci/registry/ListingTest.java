package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tags and referrers, on registries old and new.
final class ListingTest {
  private final MemoryBlobStore store = new MemoryBlobStore();
  private final SampleImage image = SampleImage.of(1, 10);
  private FakeRegistry registry;
  private RegistryClient client;
  private Repository repository;

  @BeforeEach
  void start() throws IOException {
    registry = FakeRegistry.start();
    repository = registry.repository("a/b");
    client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void referrers_modernRegistry() throws IOException {
    registry.content().beModern();

    List<Descriptor> pushed = pushReferrers();

    assertThat(client.referrers(repository, subject(), "")).hasSize(3);
    assertThat(digests(client.referrers(repository, subject(), "test/sbom")))
        .containsExactly(pushed.get(1).digest());
    assertThat(registry.content().documentNames().toString()).doesNotContain("sha256-");
  }

  @Test
  void referrers_oldRegistry_areKeptUnderATag() throws IOException {
    List<Descriptor> pushed = pushReferrers();
    pushReferrers();

    List<Descriptor> found = client.referrers(repository, subject(), "");
    assertThat(digests(found)).containsExactlyElementsIn(digests(pushed)).inOrder();
    assertThat(found.getFirst().artifactType()).hasValue("test/signature");
    assertThat(found.getFirst().annotations()).containsExactly("n", "test/signature");
    Index index =
        Index.parse(
            MediaType.OCI_INDEX,
            registry.content().document("a/b", "sha256-" + subject().encoded()));
    assertThat(index.manifests()).isEqualTo(found);
  }

  @Test
  void referrers_none() throws IOException {
    assertThat(client.referrers(repository, subject(), "")).isEmpty();
  }

  @Test
  void manyTags_modernRegistry_oneRequest() throws IOException {
    registry.content().beModern();

    client.push(repository, image.into(store), List.of("1", "2", "3"), store, Map.of(), false);

    assertThat(puts()).hasSize(1);
    assertThat(registry.content().documentNames()).containsAtLeast("a/b:1", "a/b:2", "a/b:3");
  }

  @Test
  void manyTags_oldRegistry_oneByOne() throws IOException {
    client.push(repository, image.into(store), List.of("1", "2", "3"), store, Map.of(), false);

    assertThat(puts()).hasSize(4);
    assertThat(registry.content().documentNames()).containsAtLeast("a/b:1", "a/b:2", "a/b:3");
  }

  @Test
  void smallBlobs_modernRegistry_oneRequestEach() throws IOException {
    registry.content().beModern();

    client.push(repository, image.into(store), List.of("1"), store, Map.of(), false);

    assertThat(registry.content().hasBlob("a/b", image.config().bytes())).isTrue();
    assertThat(registry.log().stream().filter(l -> l.contains("/blobs/uploads/"))).hasSize(2);
  }

  @Test
  void smallBlobs_oldRegistry_learnsToAskFirst() throws IOException {
    client.push(repository, image.into(store), List.of("1"), store, Map.of(), false);
    client.push(
        repository, SampleImage.of(2, 20).into(store), List.of("2"), store, Map.of(), false);

    long inVain =
        registry.log().stream().filter(l -> l.startsWith("POST") && l.contains("digest=")).count();
    assertThat(inVain).isAtMost(2);
    assertThat(inVain).isAtLeast(1);
    assertThat(registry.content().openUploads()).isEqualTo(0);
  }

  private OciDigest subject() {
    return image.manifest().descriptor().digest();
  }

  private List<Descriptor> pushReferrers() throws IOException {
    client.push(repository, image.into(store), List.of("1"), store, Map.of(), false);
    return List.of(
        pushReferrer("test/signature"), pushReferrer("test/sbom"), pushReferrer("test/other"));
  }

  private Descriptor pushReferrer(String type) throws IOException {
    Digest empty = store.put("{}".getBytes(StandardCharsets.UTF_8));
    Manifest referrer =
        SampleImage.about(
            image.manifest().descriptor(),
            type,
            Manifest.of(Descriptor.of(MediaType.OCI_EMPTY, empty), List.of())
                .withAnnotations(Map.of("n", type)));
    store.put(referrer.bytes());
    client.push(repository, referrer.descriptor(), List.of(), store, Map.of(), false);
    return referrer.descriptor();
  }

  private List<String> puts() {
    return registry.log().stream()
        .filter(line -> line.startsWith("PUT") && line.contains("/manifests/"))
        .toList();
  }

  private static List<OciDigest> digests(List<Descriptor> descriptors) {
    return descriptors.stream().map(Descriptor::digest).toList();
  }
}
