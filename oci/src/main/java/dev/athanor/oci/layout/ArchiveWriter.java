package dev.athanor.oci.layout;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes images as one tar that everybody can load: an OCI layout that also has the
/// `manifest.json` of `docker save`. The same images give the same bytes.
public final class ArchiveWriter {
  /// The annotation by which containerd and Docker find the whole name of an image.
  public static final String IMAGE_NAME = "io.containerd.image.name";

  /// An image to write.
  ///
  /// @param name with a tag where loaders are to give it one
  public record Named(Optional<Reference> name, Descriptor root) {}

  private final BlobStore store;
  private final TarArchiveOutputStream tar;
  private final Set<Digest> reachable = new LinkedHashSet<>();
  private final JsonArray dockerImages = new JsonArray();

  private ArchiveWriter(BlobStore store, OutputStream out) {
    this.store = store;
    tar = new TarArchiveOutputStream(out, 512, StandardCharsets.UTF_8.name());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /// Writes `images` to `out`, which stays open.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when `store` lacks a blob
  public static void write(OutputStream out, List<Named> images, BlobStore store)
      throws IOException {
    new ArchiveWriter(store, out).write(images);
  }

  private void write(List<Named> images) throws IOException {
    List<Descriptor> entries = new ArrayList<>();
    for (Named image : images) {
      entries.add(entry(image));
      collect(image.root());
      addForDocker(image);
    }
    directory("blobs/");
    directory("blobs/sha256/");
    for (Digest blob : reachable) {
      header(path(blob), blob.size());
      try (InputStream in = store.open(blob)) {
        in.transferTo(tar);
      }
      tar.closeArchiveEntry();
    }
    file(Layout.INDEX_FILE, Index.of(entries).bytes());
    file("manifest.json", CanonicalJson.write(dockerImages));
    file(Layout.VERSION_FILE, Layout.versionFile());
    tar.finish();
  }

  private static Descriptor entry(Named image) {
    Map<String, String> annotations = new LinkedHashMap<>(image.root().annotations());
    image
        .name()
        .ifPresent(name -> {
          annotations.put(IMAGE_NAME, name.toString());
          name.tag().ifPresent(tag -> annotations.put(Layout.REF_NAME, tag));
        });
    return image.root().withAnnotations(annotations);
  }

  private void collect(Descriptor descriptor) throws IOException {
    boolean elsewhere = !descriptor.urls().isEmpty() && !store.contains(descriptor.blob());
    if (elsewhere || !reachable.add(descriptor.blob())) {
      return;
    }
    if (MediaType.DOCUMENTS.contains(descriptor.mediaType())) {
      for (Descriptor child : ImageDocument.read(descriptor, store).children()) {
        collect(child);
      }
    }
  }

  /// Old loaders know single images only, not indexes.
  private void addForDocker(Named image) throws IOException {
    if (!MediaType.isManifest(image.root().mediaType())
        || !(ImageDocument.read(image.root(), store) instanceof Manifest manifest)
        || !manifest.isImage()) {
      return;
    }
    JsonArray layers = new JsonArray();
    manifest.layers().forEach(layer -> layers.add(path(layer.blob())));
    JsonArray tags = new JsonArray();
    image
        .name()
        .flatMap(name -> name.tag().map(tag -> name.repository() + ":" + tag))
        .ifPresent(tags::add);
    JsonObject json = new JsonObject();
    json.addProperty("Config", path(manifest.config().blob()));
    json.add("RepoTags", tags);
    json.add("Layers", layers);
    dockerImages.add(json);
  }

  private static String path(Digest blob) {
    return "blobs/sha256/" + blob.hex();
  }

  private void file(String name, byte[] bytes) throws IOException {
    header(name, bytes.length);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private void directory(String name) throws IOException {
    header(name, 0);
    tar.closeArchiveEntry();
  }

  /// Nothing of this machine, this user or this moment.
  private void header(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(0L);
    entry.setMode(name.endsWith("/") ? 0755 : 0644);
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
  }
}
