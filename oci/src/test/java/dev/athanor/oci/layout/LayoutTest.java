package dev.athanor.oci.layout;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayoutTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("posix", "unix").build());
  private final Path directory = files.getPath("/work/out/image");
  private final SampleImage image = SampleImage.of(1, 1000, 2000);
  private final MemoryBlobStore store = new MemoryBlobStore();

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void write_holdsExactlyWhatTheIndexReaches() throws IOException {
    store.put("stray".getBytes(StandardCharsets.UTF_8));

    write(LayoutWriter.tagged(image.into(store), "v1"));

    assertThat(tree().keySet())
        .containsExactly(
            "oci-layout",
            "index.json",
            blob(image.manifest().digest()),
            blob(image.config().digest()),
            blob(image.manifest().layers().get(0).blob()),
            blob(image.manifest().layers().get(1).blob()));
    assertThat(tree().get("oci-layout")).isEqualTo("{\"imageLayoutVersion\":\"1.0.0\"}");
    assertThat(tree().get("index.json"))
        .contains("\"annotations\":{\"org.opencontainers.image.ref.name\":\"v1\"}");
  }

  @Test
  void write_twice_givesTheSameTree() throws IOException {
    Descriptor root = image.into(store);
    write(root);
    SortedMap<String, String> first = tree();

    write(LayoutWriter.tagged(SampleImage.of(2, 10).into(store), "other"));
    write(root);

    assertThat(tree()).isEqualTo(first);
    try (Stream<Path> siblings = Files.list(files.getPath("/work/out"))) {
      assertThat(siblings.toList()).containsExactly(directory);
    }
  }

  @Test
  void write_linksBlobsThatAreFiles(@TempDir Path folder) throws IOException {
    DiskBlobStore disk = DiskBlobStore.open(folder.resolve("cas"));
    Descriptor root = image.into(disk);
    Path target = folder.resolve("image");

    LayoutWriter.write(target, List.of(root), disk);

    Digest layer = image.manifest().layers().getFirst().blob();
    Path placed = target.resolve(blob(layer));
    assertThat(Files.isSameFile(placed, disk.file(layer, false).orElseThrow())).isTrue();
    assertThat(Files.readAllBytes(placed)).isEqualTo(image.layers().getFirst());
  }

  @Test
  void write_missingLayer_leavesTheOldTree() throws IOException {
    write(image.into(store));
    SortedMap<String, String> before = tree();
    Descriptor other = SampleImage.of(3, 10).into(store);
    store.remove(SampleImage.of(3, 10).manifest().layers().getFirst().blob());

    assertThrows(MissingBlobException.class, () -> write(other));

    assertThat(tree()).isEqualTo(before);
  }

  @Test
  void nestedIndex_isFollowed() throws IOException {
    Index inner = Index.of(List.of(image.into(store)));
    store.put(inner.bytes());

    write(inner.descriptor());

    assertThat(ImageDocument.read(inner.descriptor(), Layout.open(directory).blobs()))
        .isEqualTo(inner);
    assertThat(tree().keySet()).contains(blob(image.config().digest()));
  }

  @Test
  void blobs_areVerifiedOnRead() throws IOException {
    write(image.into(store));
    Digest layer = image.manifest().layers().getFirst().blob();
    Path path = directory.resolve(blob(layer));
    Layout layout = Layout.open(directory);
    byte[] bytes = Files.readAllBytes(path);

    bytes[500] ^= 1;
    Files.write(path, bytes);
    assertThrows(CorruptBlobException.class, () -> layout.blobs().read(layer));

    bytes[500] ^= 1;
    Files.write(path, bytes);
    assertThat(layout.blobs().read(layer)).isEqualTo(bytes);

    Files.write(path, new byte[] {0}, StandardOpenOption.APPEND);
    assertThrows(CorruptBlobException.class, () -> layout.blobs().read(layer));

    try (InputStream in = layout.blobs().open(layer)) {
      assertThrows(CorruptBlobException.class, () -> in.skipNBytes(1001));
    }
  }

  @Test
  void open_notALayout_says() throws IOException {
    Files.createDirectories(directory);

    var e = assertThrows(UserException.class, () -> Layout.open(directory));

    assertThat(e).hasMessageThat().isEqualTo("/work/out/image is no OCI image layout");
  }

  @Test
  void open_wrongVersion_isRefused() throws IOException {
    write(image.into(store));
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");

    var e = assertThrows(UserException.class, () -> Layout.open(directory));

    assertThat(e).hasMessageThat().contains("imageLayoutVersion: must be \"1.0.0\"");
  }

  private void write(Descriptor entry) throws IOException {
    LayoutWriter.write(directory, List.of(entry), store);
  }

  private static String blob(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  private SortedMap<String, String> tree() throws IOException {
    SortedMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        tree.put(
            directory.relativize(path).toString(),
            new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
      }
    }
    return tree;
  }
}
