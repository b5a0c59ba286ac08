package dev.athanor.oci.layout;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/// An image layout on disk that was made by anybody. Every blob is verified as it is read; blobs
/// may be absent (a sparse layout) until somebody asks for them.
public final class Layout {
  /// The annotation that makes an entry of `index.json` a tag.
  public static final String REF_NAME = "org.opencontainers.image.ref.name";

  public static final String VERSION_FILE = "oci-layout";
  public static final String INDEX_FILE = "index.json";
  public static final String VERSION = "1.0.0";

  private final Path directory;
  private final Index index;

  /// What `oci-layout` says.
  public static byte[] versionFile() {
    return ("{\"imageLayoutVersion\":\"" + VERSION + "\"}").getBytes(StandardCharsets.UTF_8);
  }

  private Layout(Path directory, Index index) {
    this.directory = directory;
    this.index = index;
  }

  /// Reads `oci-layout` and `index.json`.
  ///
  /// @throws UserException when the directory is no image layout
  public static Layout open(Path directory) throws IOException {
    Path version = directory.resolve(VERSION_FILE);
    Path index = directory.resolve(INDEX_FILE);
    if (!Files.isRegularFile(version) || !Files.isRegularFile(index)) {
      throw new UserException(
          directory + " is no OCI image layout",
          "a layout has the files oci-layout and index.json");
    }
    checkVersion(version);
    return new Layout(directory, Index.parse(MediaType.OCI_INDEX, readSmall(index)));
  }

  private static void checkVersion(Path file) throws IOException {
    JsonObject json = StrictJson.readObject(readSmall(file), file.toString());
    if (!json.has("imageLayoutVersion")
        || !json.get("imageLayoutVersion").isJsonPrimitive()
        || !json.get("imageLayoutVersion").getAsString().equals(VERSION)) {
      throw new DocumentException(file + ": imageLayoutVersion", "must be \"" + VERSION + "\"");
    }
  }

  private static byte[] readSmall(Path file) throws IOException {
    if (Files.size(file) > StrictJson.MAX_BYTES) {
      throw new DocumentException(
          file.toString(), "larger than " + StrictJson.MAX_BYTES + " bytes");
    }
    return Files.readAllBytes(file);
  }

  /// `index.json`: the entry points.
  public Index index() {
    return index;
  }

  /// Brings blobs into a store that may have some of them.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when neither has one
  /// @throws dev.athanor.engine.cas.CorruptBlobException when one is not what its name says
  public void bring(Collection<Descriptor> blobs, BlobStore store) throws IOException {
    LayoutBlobStore ours = new LayoutBlobStore(directory);
    try {
      blobs.parallelStream()
          .forEach(blob -> {
            try {
              ours.copy(blob.blob(), store);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /// A store that has these blobs besides its own, for layers that are read once. A layer that is a
  /// plain tar has to be brought, since its files stay where they are.
  public BlobStore over(BlobStore store) {
    return new StackedStore(new LayoutBlobStore(directory), store);
  }

  /// Whether the blob is compressed.
  public boolean isCompressed(Descriptor blob) throws IOException {
    try (InputStream in = blobs().open(blob.blob())) {
      return Compression.of(in.readNBytes(Compression.MAGIC_BYTES)) != Compression.NONE;
    }
  }

  /// The blobs, verified as they are read; nothing can be written.
  public BlobStore blobs() {
    return new LayoutBlobStore(directory);
  }
}
