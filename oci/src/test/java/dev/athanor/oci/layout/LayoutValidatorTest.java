package dev.athanor.oci.layout;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.registry.SampleImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LayoutValidatorTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path directory = files.getPath("/work/image");
  private final SampleImage image = SampleImage.of(1, 1000, 2000);
  private final MemoryBlobStore store = new MemoryBlobStore();

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void sound() throws IOException {
    write(LayoutWriter.tagged(image.into(store), "v1"));

    assertThat(rules()).isEmpty();
  }

  @Test
  void files() throws IOException {
    Files.createDirectories(directory);
    assertThat(rules()).containsExactly("layout.files");

    write(image.into(store));
    Files.writeString(directory.resolve("index.json"), "{\"schemaVersion\":2}");
    assertThat(rules()).containsExactly("layout.files");
  }

  @Test
  void names() throws IOException {
    Descriptor root = image.into(store);

    write(
        LayoutWriter.tagged(root, "same"),
        LayoutWriter.tagged(root, "same"),
        LayoutWriter.tagged(root, "/odd "));

    assertThat(rules()).containsExactly("layout.ref-name", "layout.ref-name");
  }

  @Test
  void stray() throws IOException {
    write(image.into(store));
    Files.writeString(directory.resolve("blobs/sha256/" + "0".repeat(64)), "x");

    assertThat(rules()).containsExactly("layout.stray");
  }

  @Test
  void missing_unlessSparse() throws IOException {
    write(image.into(store));
    Files.delete(path(image.manifest().layers().getFirst().blob()));

    assertThat(rules()).containsExactly("blob.missing");
    assertThat(LayoutValidator.validate(directory, true)).isEmpty();
  }

  @Test
  void everyDamagedBlob_isFound() throws IOException {
    for (Digest blob :
        List.of(
            image.manifest().digest(),
            image.config().digest(),
            image.manifest().layers().getFirst().blob())) {
      for (boolean padded : new boolean[] {true, false}) {
        write(image.into(store));
        byte[] bytes = Files.readAllBytes(path(blob));
        byte[] damaged = padded ? java.util.Arrays.copyOf(bytes, bytes.length + 1) : bytes;
        damaged[damaged.length / 2] ^= (byte) (padded ? 0 : 1);
        Files.write(path(blob), damaged);

        assertThat(rules()).contains("blob.digest");
      }
    }
  }

  @Test
  void document() throws IOException {
    Digest broken =
        store.put("{\"schemaVersion\":2,\"layers\":[]}".getBytes(StandardCharsets.UTF_8));
    Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
    Files.write(blobs.resolve(broken.hex()), store.read(broken));
    Descriptor entry = Descriptor.of(MediaType.OCI_MANIFEST, broken);
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        directory.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + entry + "]}");

    List<Finding> findings = LayoutValidator.validate(directory, false);

    assertThat(findings.getFirst().rule()).isEqualTo("document");
    assertThat(findings.getFirst().problem()).contains("config: is missing");
  }

  @Test
  void diffIds() throws IOException {
    ImageConfig wrong =
        ImageConfig.empty(Platform.of("linux", "amd64"))
            .withDiffId(OciDigest.parse("sha256:" + "0".repeat(64)));
    write(image(wrong, MediaType.OCI_LAYER, new byte[1024]));
    assertThat(rules()).containsExactly("layer.diff-id");

    write(
        image(
            ImageConfig.empty(Platform.of("linux", "amd64")), MediaType.OCI_LAYER, new byte[1024]));
    assertThat(rules()).containsExactly("config.diff-ids");
  }

  @Test
  void diffIds_ofCompressedLayers() throws IOException {
    byte[] tar = new byte[1024];
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(tar);
    }
    ImageConfig config =
        ImageConfig.empty(Platform.of("linux", "amd64")).withDiffId(OciDigest.of(store.put(tar)));
    write(image(config, MediaType.OCI_LAYER_GZIP, gzip.toByteArray()));

    assertThat(rules()).isEmpty();
  }

  @Test
  void platform_history_mediaType() throws IOException {
    write(image.into(store).withPlatform(Platform.of("linux", "arm64")));
    assertThat(rules()).containsExactly("config.platform");

    ImageConfig config = image.config().withDiffId(OciDigest.of(store.put(new byte[1])));
    store.put(config.bytes());
    Manifest manifest =
        image
            .manifest()
            .withConfig(Descriptor.of(MediaType.OCI_CONFIG, config.digest()))
            .withLayers(
                List.of(
                    image.manifest().layers().get(0),
                    image.manifest().layers().get(1),
                    Descriptor.of("text/plain", store.put(new byte[1]))));
    store.put(manifest.bytes());
    write(manifest.descriptor());
    assertThat(rules()).containsExactly("config.history", "layer.media-type");
  }

  private Descriptor image(ImageConfig config, String layerType, byte[] layer) throws IOException {
    store.put(config.bytes());
    Manifest manifest =
        Manifest.of(
            Descriptor.of(MediaType.OCI_CONFIG, config.digest()),
            List.of(Descriptor.of(layerType, store.put(layer))));
    store.put(manifest.bytes());
    return manifest.descriptor();
  }

  private void write(Descriptor... entries) throws IOException {
    LayoutWriter.write(directory, List.of(entries), store);
  }

  private Path path(Digest blob) {
    return directory.resolve("blobs/sha256/" + blob.hex());
  }

  private List<String> rules() throws IOException {
    return LayoutValidator.validate(directory, false).stream().map(Finding::rule).toList();
  }
}
