package dev.athanor.oci.layout;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.testing.Peer;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.registry.SampleImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveTest {
  private static final Optional<Reference> NAME = Optional.of(Reference.parse("quay.io/a/b:v1"));

  @TempDir private Path folder;
  private final SampleImage image = SampleImage.withTarLayer();
  private final MemoryBlobStore store = new MemoryBlobStore();

  @Test
  void writeAndRead_keepEverything() throws IOException {
    MemoryBlobStore fresh = new MemoryBlobStore();
    Index index = Index.of(List.of(image.into(store), SampleImage.of(2, 10).into(store)));
    store.put(index.bytes());

    List<Descriptor> read = read(archive(index.descriptor()), fresh);

    assertThat(read).hasSize(1);
    assertThat(read.getFirst().plain()).isEqualTo(index.descriptor());
    assertThat(read.getFirst().annotations())
        .containsExactly(
            "org.opencontainers.image.ref.name",
            "v1",
            "io.containerd.image.name",
            "quay.io/a/b:v1");
    assertThat(fresh.digests()).containsAtLeastElementsIn(store.digests());
  }

  @Test
  void write_twice_givesTheSameBytes() throws IOException {
    Descriptor root = image.into(store);

    assertThat(archive(root)).isEqualTo(archive(root));
  }

  @Test
  void read_compressed() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(archive(image.into(store)));
    }

    assertThat(read(gzip.toByteArray(), new MemoryBlobStore())).hasSize(1);
  }

  @Test
  void read_zstdBehindASkippableFrame() throws IOException {
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    zstd.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9});
    zstd.writeBytes(Zstd.compress(archive(image.into(store))));

    assertThat(read(zstd.toByteArray(), new MemoryBlobStore())).hasSize(1);
  }

  @Test
  void read_blobThatIsNotItsName_isRefused() throws IOException {
    byte[] archive = archive(image.into(store));
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    int env = text.indexOf("SEED=0");
    archive[env] = 'X';

    assertThrows(CorruptBlobException.class, () -> read(archive, new MemoryBlobStore()));
  }

  @Test
  void read_oldDockerSave_makesAManifest() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      put(tar, "aaa/layer.tar", image.layers().getFirst());
      TarArchiveEntry link = new TarArchiveEntry("bbb/layer.tar", TarConstants.LF_SYMLINK);
      link.setLinkName("../aaa/layer.tar");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      put(tar, "config.json", image.config().bytes());
      put(tar, "manifest.json", dockerManifest("bbb/layer.tar"));
    }

    List<Descriptor> read = read(bytes.toByteArray(), store);

    Manifest manifest =
        (Manifest) ImageDocument.read(read.getFirst().plain(), store.read(read.getFirst().blob()));
    assertThat(manifest).isEqualTo(image.manifest());
    assertThat(read.getFirst().annotations()).containsExactly("io.containerd.image.name", "a/b:1");
  }

  @Test
  void read_anythingElse_says() {
    var e = assertThrows(UserException.class, () -> read(new byte[10_240], store));

    assertThat(e).hasMessageThat().isEqualTo("not an archive of images");
  }

  @Test
  void skopeo_readsOurs_asBothKinds() throws Exception {
    Peer skopeo = Peer.find("skopeo");
    Path file = folder.resolve("image.tar");
    Files.write(file, archive(image.into(store)));

    assertThat(skopeo.run("inspect", "--raw", "oci-archive:" + file + ":v1"))
        .isEqualTo(image.manifest().toString());
    skopeo.run(
        "copy", "docker-archive:" + file + ":quay.io/a/b:v1", "dir:" + folder.resolve("dir"));
    assertThat(folder.resolve("dir").resolve(image.config().digest().hex()).toFile().exists())
        .isTrue();
  }

  @Test
  void skopeo_writesBothKinds_weRead() throws Exception {
    Peer skopeo = Peer.find("skopeo");
    Path layout = folder.resolve("layout");
    LayoutWriter.write(layout, List.of(LayoutWriter.tagged(image.into(store), "v1")), store);
    Path oci = folder.resolve("oci.tar");
    Path docker = folder.resolve("docker.tar");
    skopeo.run("copy", "--preserve-digests", "oci:" + layout + ":v1", "oci-archive:" + oci + ":v1");
    skopeo.run("copy", "oci:" + layout + ":v1", "docker-archive:" + docker + ":quay.io/a/b:v1");
    MemoryBlobStore fresh = new MemoryBlobStore();

    assertThat(readFile(oci, fresh).digest()).isEqualTo(image.manifest().descriptor().digest());
    Descriptor fromDocker = readFile(docker, fresh);
    assertThat(fromDocker.annotations())
        .containsExactly("io.containerd.image.name", "quay.io/a/b:v1");
    Manifest manifest =
        (Manifest) ImageDocument.read(fromDocker.plain(), fresh.read(fromDocker.blob()));
    assertThat(manifest.layers().getFirst().digest())
        .isEqualTo(OciDigest.of(image.manifest().layers().getFirst().blob()));
  }

  private byte[] archive(Descriptor root) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter.write(out, List.of(new ArchiveWriter.Named(NAME, root)), store);
    return out.toByteArray();
  }

  private static List<Descriptor> read(byte[] archive, MemoryBlobStore into) throws IOException {
    return ArchiveReader.read(new ByteArrayInputStream(archive), into);
  }

  private static Descriptor readFile(Path file, MemoryBlobStore into) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ArchiveReader.read(in, into).getFirst();
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static byte[] dockerManifest(String layer) {
    JsonObject image = new JsonObject();
    image.addProperty("Config", "config.json");
    JsonArray tags = new JsonArray();
    tags.add("a/b:1");
    image.add("RepoTags", tags);
    JsonArray layers = new JsonArray();
    layers.add(layer);
    image.add("Layers", layers);
    JsonArray images = new JsonArray();
    images.add(image);
    return CanonicalJson.write(images);
  }
}
