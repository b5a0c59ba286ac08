package dev.athanor.oci.rootfs;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layout.ImageChoice;
import dev.athanor.oci.layout.Layout;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// An OCI layout whose image has the tag `t`: written by hand, so that other tools can have our
/// layers, and read, so that we can have theirs.
final class LayoutFolder {
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

  private LayoutFolder() {}

  static void write(Path folder, BlobStore store, List<Layer> layers) throws IOException {
    Files.createDirectories(folder.resolve("blobs/sha256"));
    for (Layer layer : layers) {
      try (InputStream in = store.open(layer.digest())) {
        if (Files.notExists(blob(folder, layer.digest()))) {
          Files.copy(in, blob(folder, layer.digest()));
        }
      }
    }
    String diffIds =
        layers.stream()
            .map(layer -> "\"sha256:" + layer.diffId().hex() + "\"")
            .collect(Collectors.joining(","));
    Digest config =
        put(
            folder,
            """
            {"architecture":"amd64","os":"linux","config":{},\
            "rootfs":{"type":"layers","diff_ids":[%s]}}\
            """
                .formatted(diffIds));
    String descriptors =
        layers.stream()
            .map(layer -> descriptor(layer.compression().mediaType(LAYER), layer.digest(), ""))
            .collect(Collectors.joining(","));
    Digest manifest =
        put(
            folder,
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
            "config":%s,"layers":[%s]}\
            """
                .formatted(
                    descriptor("application/vnd.oci.image.config.v1+json", config, ""),
                    descriptors));
    String tag = ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"t\"}";
    Files.writeString(
        folder.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":["
            + descriptor("application/vnd.oci.image.manifest.v1+json", manifest, tag)
            + "]}");
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  /// Puts the layers of the image into `store`.
  static List<LayerRef> read(Path folder, BlobStore store) throws IOException {
    Layout layout = Layout.open(folder);
    Manifest manifest =
        ImageChoice.choose(
            layout.index().manifests(),
            layout.blobs(),
            Optional.of("t"),
            Platform.of("linux", "amd64"),
            "the layout");
    ImageConfig config = ImageConfig.parse(layout.blobs().read(manifest.config().blob()));
    manifest.check(config);
    List<LayerRef> layers = new ArrayList<>();
    for (Descriptor layer : manifest.layers()) {
      try (InputStream in = layout.blobs().open(layer.blob())) {
        Digest blob = store.put(in);
        layers.add(new LayerRef(blob, config.diffIds().get(layers.size()).sha256()));
      }
    }
    return layers;
  }

  private static String descriptor(String mediaType, Digest digest, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}"
        .formatted(mediaType, digest.hex(), digest.size(), more);
  }

  private static Digest put(Path folder, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digester.digest(bytes);
    Files.write(blob(folder, digest), bytes);
    return digest;
  }

  private static Path blob(Path folder, Digest digest) {
    return folder.resolve("blobs/sha256").resolve(digest.hex());
  }
}
