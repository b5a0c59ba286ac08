package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Copies from one registry to another.
final class CopyTest {
  private final MemoryBlobStore store = new MemoryBlobStore();
  private final SampleImage amd = SampleImage.of(1, 100, 200);
  private final SampleImage arm = SampleImage.of(2, Platform.of("linux", "arm64"), 300);
  private FakeRegistry source;
  private FakeRegistry target;
  private RegistryClient client;
  private Index index;

  @BeforeEach
  void start() throws IOException {
    source = FakeRegistry.start();
    target = FakeRegistry.start();
    client = new RegistryClient(RegistryConfig.DEFAULT, Credentials.ANONYMOUS);
    amd.into(source, "a/b", "amd");
    arm.into(source, "a/b", "arm");
    Index nested = Index.of(List.of(arm.manifest().descriptor()));
    source.add("a/b", "nested", nested);
    index = Index.of(List.of(amd.manifest().descriptor(), nested.descriptor()));
    source.add("a/b", "1", index);
  }

  @AfterEach
  void stop() {
    client.close();
    source.close();
    target.close();
  }

  private PushReceipt copy(boolean referrers, boolean dry) throws IOException {
    return client.copy(
        source.repository("a/b"),
        OciDigest.of(index.digest()),
        target.repository("c"),
        List.of("1", "latest"),
        store,
        referrers,
        dry);
  }

  @Test
  void index_withAllThatIsInIt_keepsItsBytes() throws IOException {
    PushReceipt receipt = copy(false, false);

    assertThat(receipt.uploaded()).isEqualTo(5);
    assertThat(target.content().document("c", "latest")).isEqualTo(index.bytes());
    assertThat(target.content().document("c", OciDigest.of(arm.manifest().digest()).toString()))
        .isEqualTo(arm.manifest().bytes());
    assertThat(target.content().hasBlob("c", amd.layers().get(1))).isTrue();
  }

  @Test
  void again_neverAsksTheSource() throws IOException {
    var _ = copy(false, false);
    source.forgetRequests();
    target.forgetRequests();

    PushReceipt receipt = copy(false, false);

    assertThat(receipt.unchanged()).isTrue();
    assertThat(source.requests()).isEmpty();
    assertThat(target.log())
        .containsExactly("HEAD /v2/c/manifests/1", "HEAD /v2/c/manifests/latest");
  }

  @Test
  void dry_countsAndSendsNothing() throws IOException {
    PushReceipt receipt = copy(true, true);

    assertThat(receipt.uploaded()).isEqualTo(5);
    assertThat(receipt.bytes()).isGreaterThan(600L);
    assertThat(target.content().documentNames()).isEmpty();
    assertThat(target.log().stream().filter(line -> !line.startsWith("HEAD"))).isEmpty();
    assertThat(source.log().stream().filter(line -> line.contains("/blobs/"))).isEmpty();
  }

  /// Where one registry keeps a list of referrers and the other one does not, the list comes along.
  @Test
  void referrers_comeAlong_andWhatRefersToThem() throws IOException {
    target.content().beModern();
    Descriptor signature = refer(index.descriptor(), "test/signature");
    Descriptor note = refer(signature, "test/note");

    var _ = copy(true, false);

    Repository to = target.repository("c");
    assertThat(digests(client.referrers(to, OciDigest.of(index.digest()), "")))
        .containsExactly(signature.digest());
    assertThat(digests(client.referrers(to, signature.digest(), "")))
        .containsExactly(note.digest());
  }

  /// Each image of an index may have been signed for itself.
  @Test
  void referrers_ofTheImagesInAnIndex_andNewOnes() throws IOException {
    Descriptor first = refer(amd.manifest().descriptor(), "test/signature");
    var _ = copy(true, false);
    Descriptor second = refer(arm.manifest().descriptor(), "test/signature");

    PushReceipt receipt = copy(true, false);

    assertThat(target.content().documentNames())
        .containsAtLeast("c:" + first.digest(), "c:" + second.digest());
    assertThat(receipt.unchanged()).isFalse();
  }

  @Test
  void referrers_stayWhereTheyAreUnlessAskedFor() throws IOException {
    Descriptor signature = refer(index.descriptor(), "test/signature");

    var _ = copy(false, false);

    assertThat(target.content().documentNames()).doesNotContain("c:" + signature.digest());
  }

  /// Pushes something about `subject` to the source.
  private Descriptor refer(Descriptor subject, String type) throws IOException {
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    Digest blob = store.put(empty);
    Descriptor config = Descriptor.of(MediaType.OCI_EMPTY, blob);
    Manifest manifest = SampleImage.about(subject, type, Manifest.of(config, List.of(config)));
    store.put(manifest.bytes());
    client.push(source.repository("a/b"), manifest.descriptor(), List.of(), store, Map.of(), false);
    return manifest.descriptor();
  }

  private static List<OciDigest> digests(List<Descriptor> descriptors) {
    return descriptors.stream().map(Descriptor::digest).toList();
  }
}
