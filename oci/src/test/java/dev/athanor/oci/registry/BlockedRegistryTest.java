package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A registry that is only reached through its mirrors.
final class BlockedRegistryTest {
  private final SampleImage image = SampleImage.of(1, 100);
  private final MemoryBlobStore store = new MemoryBlobStore();
  private FakeRegistry mirror;
  private FakeRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    mirror = FakeRegistry.start();
    registry = FakeRegistry.start();
    image.into(registry, "a/b", "1");
    client =
        new RegistryClient(
            RegistryConfig.DEFAULT
                .withMirrorsOf(_ -> List.of(mirror.host() + "/hub"))
                .withBlocked(host ->
                    host.equals(registry.host())
                        ? Optional.of("it is blocked at config:3:1")
                        : Optional.empty()),
            Credentials.ANONYMOUS);
  }

  @AfterEach
  void registryIsNeverAsked() {
    client.close();
    mirror.close();
    registry.close();
    assertThat(registry.requests()).isEmpty();
  }

  private Repository repository() {
    return registry.repository("a/b");
  }

  @Test
  void document_thatAMirrorHas_isPulledFromThere() throws IOException {
    image.into(mirror, "hub/a/b", "1");

    assertThat(client.document(repository().tag("1"))).isEqualTo(image.manifest());
    client.pullBlob(repository(), image.config().digest(), store);
  }

  @Test
  void document_thatNoMirrorHas_tellsOfBoth() {
    var e = assertThrows(RegistryException.class, () -> client.document(repository().tag("1")));

    assertThat(e).hasMessageThat().contains("it is blocked at config:3:1");
    assertThat(e).hasMessageThat().contains("before that: cannot pull " + mirror.host() + "/hub");
    assertThat(e).hasMessageThat().contains("404");
  }

  @Test
  void push_isRefused() throws IOException {
    var root = image.into(store);

    var e =
        assertThrows(
            RegistryException.class,
            () -> client.push(repository(), root, List.of("1"), store, Map.of(), false));

    assertThat(e)
        .hasMessageThat()
        .contains(registry.host() + " itself must not be asked: it is blocked at config:3:1");
  }
}
