package dev.athanor.oci.layout;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Recomputes all that a layout claims, and lists every rule it breaks instead of stopping at the
/// first.
///
/// | rule | broken when |
/// |---|---|
/// | `layout.files` | `oci-layout` or `index.json` is missing or unreadable |
/// | `layout.ref-name` | a tag is no valid name, or two entries claim it |
/// | `layout.stray` | a file is there that no index reaches |
/// | `blob.missing` | a blob is absent, and the layout is not meant to be sparse |
/// | `blob.digest` | a blob's bytes are not those of its descriptor |
/// | `document` | a manifest, index or config breaks its specification |
/// | `config.diff-ids` | layers and diff ids differ in number |
/// | `config.history` | layers and history entries for layers differ in number |
/// | `config.platform` | a descriptor names another platform than the config |
/// | `layer.media-type` | an image has something else than layers for layers |
/// | `layer.diff-id` | a layer's tar does not have the digest that the config says |
/// | `layer.count` | an image has more layers than runtimes can stack |
public final class LayoutValidator {
  /// overlayfs in current kernels and container runtimes.
  private static final int MAX_LAYERS = 127;

  private static final Pattern REF_NAME =
      Pattern.compile(
          "[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*(?:/[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*)*");

  private final Path directory;
  private final boolean sparse;
  private final BlobStore blobs;
  private final Set<Finding> findings = new TreeSet<>();
  private final Set<String> reached = new HashSet<>();
  private final Set<OciDigest> checked = new HashSet<>();

  private LayoutValidator(Path directory, boolean sparse) {
    this.directory = directory;
    this.sparse = sparse;
    blobs = new LayoutBlobStore(directory);
  }

  /// Every rule that the layout in `directory` breaks, in order; none when it is sound.
  ///
  /// @param sparse whether layers may be absent
  public static List<Finding> validate(Path directory, boolean sparse) throws IOException {
    LayoutValidator validator = new LayoutValidator(directory, sparse);
    validator.run();
    return List.copyOf(validator.findings);
  }

  private void run() throws IOException {
    Layout layout;
    try {
      layout = Layout.open(directory);
    } catch (UserException e) {
      add("layout.files", directory.toString(), e);
      return;
    }
    checkNames(layout.index());
    for (Descriptor entry : layout.index().manifests()) {
      checkDocument(entry);
    }
    checkStray();
  }

  private void checkNames(Index index) {
    Set<String> names = new HashSet<>();
    for (Descriptor entry : index.manifests()) {
      String name = entry.annotations().get(Layout.REF_NAME);
      if (name == null) {
        continue;
      }
      if (!REF_NAME.matcher(name).matches() && !Reference.isTag(name)) {
        add("layout.ref-name", name, "is no valid name");
      }
      if (!names.add(name)) {
        add("layout.ref-name", name, "names two entries");
      }
    }
  }

  private void checkDocument(Descriptor descriptor) throws IOException {
    if (!checked.add(descriptor.digest()) || !check(descriptor, false)) {
      return;
    }
    if (!MediaType.DOCUMENTS.contains(descriptor.mediaType())) {
      return;
    }
    ImageDocument document;
    try {
      document = ImageDocument.read(descriptor, blobs.read(descriptor.blob()));
    } catch (DocumentException e) {
      add("document", descriptor.digest().toString(), e);
      return;
    }
    switch (document) {
      case Index index -> {
        for (Descriptor child : index.manifests()) {
          checkDocument(child);
        }
      }
      case Manifest manifest -> checkManifest(descriptor, manifest);
    }
  }

  private void checkManifest(Descriptor descriptor, Manifest manifest) throws IOException {
    boolean configIsSound = check(manifest.config(), false);
    for (Descriptor layer : manifest.layers()) {
      check(layer, sparse || !layer.urls().isEmpty());
    }
    if (manifest.isImage() && configIsSound) {
      checkImage(descriptor, manifest);
    }
  }

  private void checkImage(Descriptor descriptor, Manifest manifest) throws IOException {
    String where = descriptor.digest().toString();
    ImageConfig config;
    try {
      config = ImageConfig.parse(blobs.read(manifest.config().blob()));
    } catch (DocumentException e) {
      add("document", manifest.config().digest().toString(), e);
      return;
    }
    int layers = manifest.layers().size();
    long histories = config.history().stream().filter(entry -> !entry.emptyLayer()).count();
    if (!config.history().isEmpty() && histories != layers) {
      add("config.history", where, layers + " layers, " + histories + " history entries for them");
    }
    if (layers > MAX_LAYERS) {
      add("layer.count", where, layers + " layers, runtimes stack " + MAX_LAYERS);
    }
    descriptor
        .platform()
        .filter(said -> !same(said, config.platform()))
        .ifPresent(said ->
            add("config.platform", where, said + " is said, " + config.platform() + " it is"));
    if (config.diffIds().size() != layers) {
      add("config.diff-ids", where, layers + " layers, " + config.diffIds().size() + " diff ids");
      return;
    }
    for (int i = 0; i < layers; i++) {
      checkLayer(manifest.layers().get(i), config.diffIds().get(i));
    }
  }

  /// The version of an operating system may be told in one place only.
  private static boolean same(Platform a, Platform b) {
    Platform one = a.normalized();
    Platform two = b.normalized();
    return one.os().equals(two.os())
        && one.architecture().equals(two.architecture())
        && one.variant().equals(two.variant());
  }

  private void checkLayer(Descriptor layer, OciDigest diffId) throws IOException {
    String where = layer.digest().toString();
    if (!MediaType.isLayer(layer.mediaType())) {
      add("layer.media-type", where, "'" + layer.mediaType() + "' is no layer");
      return;
    }
    if (!layer.digest().isSha256() || !diffId.isSha256() || !blobs.contains(layer.blob())) {
      return;
    }
    try (InputStream in = blobs.open(layer.blob())) {
      Sha256 actual = Tars.plainDigest(in);
      if (!actual.equals(diffId.sha256())) {
        add("layer.diff-id", where, "expected " + diffId + ", the tar is sha256:" + actual);
      }
    } catch (CorruptBlobException e) {
      // Told already.
    } catch (IOException e) {
      add("layer.diff-id", where, "cannot be unwrapped: " + e.getMessage());
    }
  }

  /// Whether the blob is there and sound.
  private boolean check(Descriptor descriptor, boolean mayBeAbsent) throws IOException {
    if (!descriptor.digest().isSha256()) {
      reached.add(descriptor.digest().algorithm() + "/" + descriptor.digest().encoded());
      return false;
    }
    Digest blob = descriptor.blob();
    reached.add("sha256/" + blob.hex());
    try (InputStream in = blobs.open(blob)) {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (MissingBlobException e) {
      if (!mayBeAbsent) {
        add("blob.missing", descriptor.digest().toString(), "is not there");
      }
    } catch (CorruptBlobException e) {
      add("blob.digest", descriptor.digest().toString(), String.valueOf(e.getMessage()));
    }
    return false;
  }

  private void checkStray() throws IOException {
    Path root = directory.resolve("blobs");
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(path -> !Files.isDirectory(path)).toList()) {
        String name = root.relativize(file).toString();
        if (!reached.contains(name)) {
          add("layout.stray", name, "is reached by no index");
        }
      }
    }
  }

  private void add(String rule, String where, UserException e) {
    add(rule, where, String.valueOf(e.getMessage()));
  }

  private void add(String rule, String where, String problem) {
    findings.add(new Finding(rule, where, problem));
  }
}
