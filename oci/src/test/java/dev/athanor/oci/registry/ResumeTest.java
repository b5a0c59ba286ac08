package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A large blob over a bad line: 48 MiB, or 500 MiB where `ATHANOR_SLOW_TESTS=1`.
final class ResumeTest {
  private static final int MEBIBYTES = "1".equals(System.getenv("ATHANOR_SLOW_TESTS")) ? 500 : 48;
  private static final long SIZE = (long) MEBIBYTES << 20;

  /// Real pauses: a server may still be busy with what it got before the cut.
  private static final RetryPolicy QUICK =
      new RetryPolicy(5, Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofSeconds(1));

  @TempDir private Path folder;

  @Test
  void interruptedPush_goesOnFromWhereItWas() throws Exception {
    DiskBlobStore store = DiskBlobStore.open(folder.resolve("near"));
    Descriptor root = image(store, noise(store));
    try (FakeRegistry registry = FakeRegistry.start();
        CuttingProxy line = CuttingProxy.start(registry.host(), SIZE / 5, 4);
        RegistryClient client = newClient()) {
      registry.content().forgetBytes();

      client.push(new Repository(line.host(), "large"), root, List.of("1"), store, Map.of(), false);

      assertThat(line.cutsLeft()).isEqualTo(0);
      List<Long> offsets =
          registry.requests().stream()
              .filter(request -> request.method().equals("PATCH"))
              .map(request ->
                  Long.parseLong(request.header("Content-Range").orElse("").split("-", 2)[0]))
              .toList();
      assertThat(offsets).isInOrder();
      assertThat(offsets.getFirst()).isEqualTo(0);
      assertThat(offsets.stream().filter(offset -> offset == 0)).hasSize(1);
    }
  }

  /// Docker's registry loses an upload that is cut in the middle; all we can do is to begin anew.
  @Test
  void realRegistry_interruptedPushAndPull_endWell() throws Exception {
    DiskBlobStore store = DiskBlobStore.open(folder.resolve("near"));
    DiskBlobStore fresh = DiskBlobStore.open(folder.resolve("far"));
    Digest blob = noise(store);
    Descriptor root = image(store, blob);
    try (RealRegistry registry = RealRegistry.start(folder, "", "");
        CuttingProxy line = CuttingProxy.start(registry.host(), SIZE / 5, 4);
        CuttingProxy back = CuttingProxy.start(registry.host(), SIZE / 5, 4);
        RegistryClient client = newClient()) {
      client.push(new Repository(line.host(), "large"), root, List.of("1"), store, Map.of(), false);
      client.pullBlob(new Repository(back.host(), "large"), blob, fresh);

      assertThat(line.cutsLeft()).isEqualTo(0);
      assertThat(back.cutsLeft()).isEqualTo(0);
      assertThat(fresh.contains(blob)).isTrue();
      assertThat(client.traffic().received()).isLessThan(SIZE + SIZE / 20);
    }
  }

  private static RegistryClient newClient() {
    return new RegistryClient(RegistryConfig.DEFAULT.withRetries(QUICK), Credentials.ANONYMOUS);
  }

  private static Digest noise(DiskBlobStore store) throws IOException {
    Random random = new Random(1);
    byte[] piece = new byte[1 << 20];
    try (BlobWriter writer = store.write()) {
      for (int i = 0; i < MEBIBYTES; i++) {
        random.nextBytes(piece);
        writer.write(piece);
      }
      return writer.commit();
    }
  }

  private static Descriptor image(DiskBlobStore store, Digest blob) throws IOException {
    ImageConfig config = ImageConfig.empty(Platform.of("linux", "amd64"));
    store.put(config.bytes());
    Manifest manifest =
        Manifest.of(
            Descriptor.of(MediaType.OCI_CONFIG, config.digest()),
            List.of(Descriptor.of(MediaType.OCI_LAYER, blob)));
    store.put(manifest.bytes());
    return manifest.descriptor();
  }
}
