package dev.athanor.oci.layout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/// Reads the tars that `docker save`, `podman save`, `skopeo copy` to an archive and
/// [ArchiveWriter] make, compressed or not, straight into a blob store.
///
/// Where the tar is an OCI layout, its documents and digests are kept. An older `docker save` has
/// no manifest: one is made, with the layers as they are.
public final class ArchiveReader {
  private static final int MAX_ENTRIES = 100_000;

  private final BlobStore store;
  private final Map<String, Digest> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  private ArchiveReader(BlobStore store) {
    this.store = store;
  }

  /// Reads all of `in`, which stays open, and returns the entry points, with the names they had as
  /// annotations.
  ///
  /// @throws UserException when it is no archive of images, or a damaged one
  public static List<Descriptor> read(InputStream in, BlobStore store) throws IOException {
    ArchiveReader reader = new ArchiveReader(store);
    reader.readFiles(in);
    return reader.files.containsKey(Layout.INDEX_FILE) ? reader.fromLayout() : reader.fromDocker();
  }

  private void readFiles(InputStream in) throws IOException {
    TarArchiveInputStream tar =
        new TarArchiveInputStream(Tars.plain(in), StandardCharsets.UTF_8.name());
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (files.size() + links.size() > MAX_ENTRIES) {
        throw new UserException("an archive of images with more than " + MAX_ENTRIES + " files");
      }
      String name =
          entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
      if (entry.isSymbolicLink() || entry.isLink()) {
        links.put(name, target(name, entry));
      } else if (entry.isFile()) {
        files.put(name, store.put(tar));
      }
    }
    if (files.isEmpty()) {
      throw new UserException(
          "not an archive of images", "give the output of docker save or of skopeo");
    }
  }

  /// Old versions of Docker link a layer that two images share: `../<id>/layer.tar`.
  private static String target(String name, TarArchiveEntry entry) {
    String link = entry.getLinkName();
    int slash = name.lastIndexOf('/');
    if (entry.isLink() || slash < 0 || !link.startsWith("../")) {
      return link;
    }
    int above = name.lastIndexOf('/', slash - 1);
    return name.substring(0, above + 1) + link.substring("../".length());
  }

  private Digest file(String name) {
    @Nullable Digest digest = files.get(links.getOrDefault(name, name));
    if (digest == null) {
      throw new UserException("the archive of images has no file " + name);
    }
    return digest;
  }

  /// Descriptors are only as good as the blobs that have their names.
  private List<Descriptor> fromLayout() throws IOException {
    for (Map.Entry<String, Digest> file : files.entrySet()) {
      String name = file.getKey();
      if (name.startsWith("blobs/sha256/") && !name.endsWith(file.getValue().hex())) {
        OciDigest said = OciDigest.parse("sha256:" + name.substring("blobs/sha256/".length()));
        throw new CorruptBlobException(
            new Digest(said.sha256(), file.getValue().size()), file.getValue());
      }
    }
    return Index.parse(MediaType.OCI_INDEX, store.read(file(Layout.INDEX_FILE))).manifests();
  }

  private List<Descriptor> fromDocker() throws IOException {
    byte[] bytes = store.read(file("manifest.json"));
    // The document is a list, and the strict reader reads objects.
    String wrapped = "{\"images\":" + new String(bytes, StandardCharsets.UTF_8) + "}";
    JsonObject json =
        StrictJson.readObject(wrapped.getBytes(StandardCharsets.UTF_8), "manifest.json");
    List<Descriptor> images = new ArrayList<>();
    if (json.get("images") instanceof JsonArray array) {
      for (JsonElement image : array) {
        if (!(image instanceof JsonObject entry)) {
          throw new DocumentException("manifest.json", "expected a list of objects");
        }
        images.addAll(fromDocker(entry));
      }
    }
    return List.copyOf(images);
  }

  private List<Descriptor> fromDocker(JsonObject image) throws IOException {
    ImageConfig config = ImageConfig.parse(store.read(file(text(image.get("Config")))));
    List<Descriptor> layers = new ArrayList<>();
    for (String name : texts(image.get("Layers"))) {
      Digest blob = file(name);
      layers.add(Descriptor.of(layerType(blob), blob));
    }
    Manifest manifest = Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config.digest()), layers);
    manifest.check(config);
    store.put(manifest.bytes());
    Descriptor root = manifest.descriptor();
    List<Descriptor> named = new ArrayList<>();
    for (String tag : texts(image.get("RepoTags"))) {
      named.add(root.withAnnotations(Map.of(ArchiveWriter.IMAGE_NAME, tag)));
    }
    return named.isEmpty() ? List.of(root) : named;
  }

  private String layerType(Digest blob) throws IOException {
    try (InputStream in = store.open(blob)) {
      return switch (Compression.of(in.readNBytes(Compression.MAGIC_BYTES))) {
        case NONE -> MediaType.OCI_LAYER;
        case GZIP -> MediaType.OCI_LAYER_GZIP;
        case ZSTD -> MediaType.OCI_LAYER_ZSTD;
      };
    }
  }

  private static List<String> texts(@Nullable JsonElement element) {
    List<String> texts = new ArrayList<>();
    if (element instanceof JsonArray array) {
      array.forEach(text -> texts.add(text(text)));
    }
    return texts;
  }

  private static String text(@Nullable JsonElement element) {
    return Optional.ofNullable(element)
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString)
        .orElseThrow(() -> new DocumentException("manifest.json", "expected a string"));
  }
}
