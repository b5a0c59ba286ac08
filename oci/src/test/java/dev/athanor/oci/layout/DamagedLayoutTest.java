package dev.athanor.oci.layout;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whichever blob of a layout is damaged, whoever reads the image is told.
class DamagedLayoutTest {
  @TempDir Path temporary;
  private final SampleImage image = SampleImage.of(1, 1000, 2000);

  @Test
  void blob_corrupted_isADigestMismatch() throws IOException {
    for (int bit : new int[] {0, 7}) {
      assertRefused(
          "digest mismatch",
          bytes -> {
            bytes[bytes.length / 2] ^= (byte) (1 << bit);
            return bytes;
          });
    }
  }

  @Test
  void blob_padded_isASizeMismatch() throws IOException {
    assertRefused("size mismatch", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
    assertRefused("size mismatch", bytes -> Arrays.copyOf(bytes, bytes.length + 100_000));
  }

  @Test
  void blob_cut_isASizeMismatch() throws IOException {
    assertRefused("size mismatch", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused("size mismatch", _ -> new byte[0]);
  }

  private void assertRefused(String message, UnaryOperator<byte[]> damage) throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    Descriptor root = image.into(store);
    List<Digest> blobs = new ArrayList<>(List.of(root.blob()));
    image.manifest().children().forEach(child -> blobs.add(child.blob()));
    for (Digest blob : blobs) {
      LayoutWriter.write(temporary.resolve("image"), List.of(root), store);
      Path file = temporary.resolve("image/blobs/sha256").resolve(blob.hex());
      Files.write(file, damage.apply(Files.readAllBytes(file)));

      Layout layout = Layout.open(temporary.resolve("image"));
      var e = assertThrows(CorruptBlobException.class, () -> layout.blobs().read(blob));

      assertThat(e).hasMessageThat().startsWith(message);
      assertThat(e).hasMessageThat().contains(blob.hex());
    }
  }
}
