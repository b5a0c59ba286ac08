package dev.athanor.cli;

import com.google.gson.stream.JsonWriter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerOutline;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.History;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.OciDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The images that a build made, for its page: their layers, and the files in them. Reads what is
/// on this machine, and nothing else.
final class ReportImages {
  /// How many files and folders are shown of one image, and of one layer at least.
  private static final int MAX_NODES = 3000;

  private static final int MIN_NODES = 150;

  /// How many hidden files are named.
  private static final int MAX_HIDDEN = 200;

  private final BlobStore blobs;
  private final JsonWriter json;

  /// Images have layers in common. Absent where a layer is not here, or cannot be read.
  private final Map<OciDigest, Optional<LayerOutline>> outlines = new HashMap<>();

  private ReportImages(BlobStore blobs, JsonWriter json) {
    this.blobs = blobs;
    this.json = json;
  }

  /// Writes an object for each image, and each platform of an index.
  static void write(BuildResult result, BlobStore blobs, JsonWriter json) throws IOException {
    ReportImages images = new ReportImages(blobs, json);
    for (PlannedTarget target : result.plan().targets()) {
      Optional<Digest> file = ImagePart.file(ImagePart.IMAGE, target, result);
      if (file.isPresent()) {
        try {
          images.target(target.label(), Images.read(file.get(), blobs));
        } catch (MissingBlobException | UserException e) {
          // Its documents went from the cache since it was built, or are no image's: there is
          // nothing to show.
        }
      }
    }
  }

  private void target(String label, Image image) throws IOException {
    switch (Images.document(image, blobs)) {
      case Manifest manifest -> image(label, image.manifest(), manifest);
      case Index index -> {
        for (Descriptor child : index.manifests()) {
          if (blobs.contains(child.blob())
              && ImageDocument.read(child, blobs.read(child.blob())) instanceof Manifest manifest) {
            image(label, child, manifest);
          }
        }
      }
    }
  }

  /// Writes nothing where the documents are not those of an image with a root filesystem.
  private void image(String label, Descriptor descriptor, Manifest manifest) throws IOException {
    ImageConfig config;
    String platform;
    try {
      config = Images.config(manifest, blobs);
      platform = config.platform().toString();
    } catch (UserException e) {
      return;
    }
    List<History> made = config.history().stream().filter(it -> !it.emptyLayer()).toList();
    json.beginObject();
    json.name("target").value(label);
    json.name("platform").value(platform);
    json.name("digest").value(descriptor.digest().toString());
    json.name("mediaType").value(descriptor.mediaType());
    json.name("created").value(config.created().orElse(""));
    json.name("entrypoint").value(String.join(" ", config.entrypoint()));
    json.name("command").value(String.join(" ", config.cmd()));
    json.name("user").value(config.user().orElse(""));
    json.name("layers").beginArray();
    List<LayerOutline> readable = new ArrayList<>();
    List<Descriptor> layers = manifest.layers();
    for (int i = 0; i < layers.size(); i++) {
      Optional<LayerOutline> outline = outline(layers.get(i));
      outline.ifPresent(readable::add);
      String by = i < made.size() ? made.get(i).createdBy() : "";
      layer(layers.get(i), by, outline, Math.max(MIN_NODES, MAX_NODES / layers.size()));
    }
    json.endArray();
    json.name("hidden");
    if (readable.size() == layers.size()) {
      hidden(LayerWaste.of(readable));
    } else {
      json.nullValue();
    }
    json.endObject();
  }

  private void layer(Descriptor layer, String createdBy, Optional<LayerOutline> outline, int nodes)
      throws IOException {
    json.beginObject();
    json.name("digest").value(layer.digest().toString());
    json.name("mediaType").value(layer.mediaType());
    json.name("size").value(layer.size());
    json.name("createdBy").value(createdBy);
    json.name("here").value(blobs.contains(layer.blob()));
    if (outline.isPresent()) {
      LayerOutline known = outline.get();
      json.name("compression").value(known.compression().name().toLowerCase(Locale.ROOT));
      json.name("tarBytes").value(known.tarBytes());
      json.name("entries").value(known.items().size());
      json.name("removes")
          .value(
              known.items().stream()
                  .filter(item ->
                      item.kind() == LayerOutline.Kind.HIDES
                          || item.kind() == LayerOutline.Kind.EMPTIES)
                  .count());
      json.name("tree");
      new LayerTree(known.items(), nodes).write(json);
    }
    json.endObject();
  }

  private void hidden(List<LayerWaste.Hidden> all) throws IOException {
    json.beginObject();
    json.name("bytes").value(all.stream().mapToLong(LayerWaste.Hidden::size).sum());
    json.name("count").value(all.size());
    json.name("files").beginArray();
    for (LayerWaste.Hidden file : all.subList(0, Math.min(MAX_HIDDEN, all.size()))) {
      json.beginArray().value(file.path().toString()).value(file.size());
      json.value(file.layer()).value(file.by()).endArray();
    }
    json.endArray().endObject();
  }

  private Optional<LayerOutline> outline(Descriptor layer) throws IOException {
    Optional<LayerOutline> known = outlines.get(layer.digest());
    if (known == null) {
      known = read(layer);
      outlines.put(layer.digest(), known);
    }
    return known;
  }

  private Optional<LayerOutline> read(Descriptor layer) throws IOException {
    if (!blobs.contains(layer.blob())) {
      return Optional.empty();
    }
    try (InputStream in = blobs.open(layer.blob())) {
      return Optional.of(LayerOutline.read(in, Limits.DEFAULT));
    } catch (LayerException | IOException e) {
      // A layer of another kind, or a damaged one, which is not for a report to tell.
      return Optional.empty();
    }
  }
}
