package dev.athanor.oci.diff;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.utf8;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Entries;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.model.Descriptor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentFormatTest {
  private static final String TYPE = "application/vnd.oci.image.";

  private final MemoryBlobStore store = new MemoryBlobStore();

  private static String descriptor(String type, Digest blob) {
    return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d}"
        .formatted(TYPE + type, blob.hex(), blob.size());
  }

  private Layer layer(String text, long mtime) throws IOException {
    return new LayerWriter(store, store::open, 1)
        .write(
            List.of(Entries.file("/etc/conf", Entries.owned(0644, 0, 0, mtime), text)),
            Compression.GZIP);
  }

  /// The manifest of an image with one layer.
  private String image(String created, Layer layer) throws IOException {
    Digest config =
        store.put(
            utf8(
                """
                {"architecture":"amd64","created":"%s","history":[{"created_by":"%s"}],"os":"linux",\
                "rootfs":{"diff_ids":["sha256:%s"],"type":"layers"}}\
                """
                    .formatted(created, "athanor", layer.diffId().hex())));
    Digest manifest =
        store.put(
            utf8(
                """
                {"schemaVersion":2,"mediaType":"%smanifest.v1+json","config":%s,"layers":[%s]}\
                """
                    .formatted(
                        TYPE,
                        descriptor("config.v1+json", config),
                        descriptor("layer.v1.tar+gzip", layer.digest()))));
    return descriptor("manifest.v1+json", manifest);
  }

  private Content file(byte[] bytes) throws IOException {
    return new Content.File(store.put(bytes), false);
  }

  private Content file(String manifest) throws IOException {
    return file(Image.of(Descriptor.parse(utf8(manifest), "test")).encode());
  }

  private List<String> lines(Content before, Content after) throws IOException {
    return Compared.lines(new Comparison(store, ImageFormats.ALL).of(before, after));
  }

  @Test
  void images_areToldByConfigAndLayers_withoutDigests() throws IOException {
    Content before = file(image("2020-01-01T00:00:00Z", layer("one\n", 5)));
    Content after = file(image("2021-01-01T00:00:00Z", layer("two\n", 6)));
    assertThat(lines(before, after))
        .containsExactly(
            "config: $.created TIME 2020-01-01T00:00:00Z → 2021-01-01T00:00:00Z",
            "layer 1: gzip: etc/conf: mtime TIME 1970-01-01T00:00:05Z → 1970-01-01T00:00:06Z",
            "layer 1: gzip: etc/conf: line 1 TEXT one → two")
        .inOrder();
    assertThat(lines(before, before)).isEmpty();
  }

  @Test
  void layersThatAreNotThere_areToldByDigest() throws IOException {
    Layer one = layer("one\n", 5);
    Layer two = layer("two\n", 5);
    Content before = file(image("2020-01-01T00:00:00Z", one));
    Content after = file(image("2020-01-01T00:00:00Z", two));
    store.remove(two.digest());
    assertThat(lines(before, after))
        .containsAtLeast(
            "$.layers[0].digest VALUE sha256:"
                + one.digest().hex()
                + " → sha256:"
                + two.digest().hex(),
            "config: $.rootfs.diff_ids[0] VALUE sha256:"
                + one.diffId().hex()
                + " → sha256:"
                + two.diffId().hex());
  }

  @Test
  void layouts_areToldByTheirIndex() throws IOException {
    Content before = layout(image("2020-01-01T00:00:00Z", layer("one\n", 5)));
    Content after = layout(image("2020-01-01T00:00:00Z", layer("two\n", 5)));
    assertThat(lines(before, after))
        .containsExactly("index.json: manifest 1: layer 1: gzip: etc/conf: line 1 TEXT one → two");
  }

  private Content layout(String manifest) throws IOException {
    Digest blob =
        new Digest(
            Descriptor.parse(utf8(manifest), "test").digest().sha256(),
            Descriptor.parse(utf8(manifest), "test").size());
    InputRoot root =
        InputRoot.of(
            Map.of(
                RelativePath.of("oci-layout"),
                file(utf8("{\"imageLayoutVersion\":\"1.0.0\"}")),
                RelativePath.of("index.json"),
                file(utf8("{\"schemaVersion\":2,\"manifests\":[" + manifest + "]}")),
                RelativePath.of("blobs/sha256/" + blob.hex()),
                new Content.File(blob, false)));
    root.store(store);
    return new Content.Tree(root.digest());
  }

  @Test
  void damage_neverThrows() throws IOException {
    String manifest = image("2020-01-01T00:00:00Z", layer("one\n", 5));
    Compared.damaged(utf8(manifest), ImageFormats.ALL);
    Compared.damaged(
        utf8("{\"config\":" + manifest + ",\"layers\":[" + manifest + "]}"), ImageFormats.ALL);
  }
}
