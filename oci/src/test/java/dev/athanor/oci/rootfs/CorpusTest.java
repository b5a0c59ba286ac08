package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.FileBlobStore;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// On each image of a corpus, what we make of it is what umoci and podman make of it, and what we
/// make of changes to it means the same to umoci. Compared are listings: kind, mode, owner, time,
/// extended attributes, links, content.
@Tag("peers")
class CorpusTest {
  @TempDir static Path shared;
  private static final Map<Corpus, Image> IMAGES = new EnumMap<>(Corpus.class);

  @TempDir Path temporary;

  /// An image of the corpus, made once, and what we unpack of it.
  private record Image(Path folder, BlobStore store, List<LayerRef> layers, RootFs root) {
    static Image of(Corpus sample) throws IOException {
      sample.require();
      Image made = IMAGES.get(sample);
      if (made == null) {
        Path folder = Files.createDirectory(shared.resolve(sample.name()));
        BlobStore store = new FileBlobStore(Files.createDirectory(folder.resolve("cas")));
        sample.make(folder, store);
        List<LayerRef> layers = LayoutFolder.read(folder.resolve("image"), store);
        RootFs root = new Unpack(store, Limits.DEFAULT, 2).unpack(layers);
        made = new Image(folder, store, layers, root);
        IMAGES.put(sample, made);
      }
      return made;
    }

    String text(RootFs root) throws IOException {
      return new Images(store).text(root);
    }

    RootFs captured(Path directory) throws IOException {
      return new Capture(store, Images.EXACT).directory(directory);
    }
  }

  @ParameterizedTest
  @EnumSource
  void materialize_thenCapture_isTheListing(Corpus sample) throws IOException {
    Image image = Image.of(sample);

    List<String> notes =
        new Materialize(image.store, Materialize.Owners.REAL, 2)
            .materialize(image.root, temporary.resolve("root"));

    assertThat(notes).isEmpty();
    assertThat(image.text(image.captured(temporary.resolve("root"))))
        .isEqualTo(image.text(image.root));
  }

  @ParameterizedTest
  @EnumSource
  void umociUnpack_isOurUnpack(Corpus sample) throws IOException {
    Peers.requireTools("umoci");
    Image image = Image.of(sample);
    Path bundle = temporary.resolve("bundle");

    Peers.runIn(image.folder, "umoci", "unpack", "--image", "image:t", bundle.toString());

    assertThat(image.text(image.captured(bundle.resolve("rootfs"))))
        .isEqualTo(image.text(image.root));
  }

  @ParameterizedTest
  @EnumSource
  void umociUnpackRootless_isOurUnpackForNobody(Corpus sample) throws IOException {
    Peers.requireTools("umoci");
    Image image = Image.of(sample);
    Peers.run("chmod", "-R", "a+rX", shared.toString());
    Nobody nobody = new Nobody(temporary);
    Path ours = nobody.home().resolve("ours");
    Path root = Files.write(temporary.resolve("root"), image.root.encode());

    nobody.run(
        "umoci",
        "unpack",
        "--rootless",
        "--image",
        image.folder.resolve("image") + ":t",
        nobody.home().resolve("bundle").toString());
    nobody.java(
        ForNobody.class, image.folder.resolve("cas").toString(), root.toString(), ours.toString());

    assertThat(image.text(image.captured(nobody.home().resolve("bundle/rootfs"))))
        .isEqualTo(image.text(image.captured(ours)));
  }

  /// Runs as `nobody`.
  static final class ForNobody {
    private ForNobody() {}

    public static void main(String[] args) throws IOException {
      RootFs root = RootFs.parse(Files.readAllBytes(Path.of(args[1])));
      new Materialize(new FileBlobStore(Path.of(args[0])), Materialize.Owners.CALLER, 2)
          .materialize(root, Path.of(args[2]));
    }
  }

  /// The same tars, but wrapped in every way.
  @ParameterizedTest
  @EnumSource
  void podmanMount_ofOtherCompressions_isOurUnpack(Corpus sample) throws IOException {
    Peers.requireTools("podman");
    Image image = Image.of(sample);
    List<Layer> layers = new ArrayList<>();
    for (LayerRef layer : image.layers) {
      Wrapping wrapping = Wrapping.values()[layers.size() % Wrapping.values().length];
      layers.add(wrapping.wrap(layer, image.store));
    }
    LayoutFolder.write(temporary.resolve("image"), image.store, layers);
    List<LayerRef> read = LayoutFolder.read(temporary.resolve("image"), image.store);

    RootFs ours = new Unpack(image.store, Limits.DEFAULT, 2).unpack(read);

    assertThat(ours.listing()).isEqualTo(image.root.listing());
    try (Podman podman = new Podman()) {
      RootFs theirs = image.captured(podman.mount(temporary));
      assertThat(forPodman(image.text(theirs))).isEqualTo(forPodman(image.text(ours)));
    }
  }

  /// `text` without what podman does not keep. The root gets the time of now; times before the
  /// epoch become the epoch; its copies of layers have neither attributes beyond those of users and
  /// capabilities, nor hard links to symlinks; and a directory keeps an attribute that a later
  /// layer takes away, as those of [RandomTrees] do.
  private static String forPodman(String text) {
    return withoutRoot(text)
        .replaceAll(" 19[0-6]\\d-\\S*Z ", " 1970-01-01T00:00:00Z ")
        .replaceAll(" \\{trusted\\.[^\n]*\\} /", " /")
        .replaceAll("(?m)^(d\\S+ \\S+ \\S+) \\{user\\.x=y\\}", "$1")
        .replaceAll("(?m)^(l.*) links \\d+ /.*$", "$1");
  }

  @ParameterizedTest
  @EnumSource
  void repack_ofChanges_unpackedByUmoci_isTheDirectory(Corpus sample) throws IOException {
    Peers.requireTools("umoci");
    Image image = Image.of(sample);
    Path root = temporary.resolve("root");
    new Materialize(image.store, Materialize.Owners.REAL, 2).materialize(image.root, root);
    Peers.runIn(root, "sh", "-euc", CHANGES);
    RootFs changed = image.captured(root);

    Layer layer =
        new Repack(image.store, 2)
            .repack(image.root, changed, Masks.NONE, Compression.GZIP)
            .orElseThrow();

    List<Layer> layers = new ArrayList<>();
    for (LayerRef below : image.layers) {
      layers.add(Wrapping.PLAIN.wrap(below, image.store));
    }
    layers.add(layer);
    LayoutFolder.write(temporary.resolve("image"), image.store, layers);
    List<LayerRef> read = LayoutFolder.read(temporary.resolve("image"), image.store);
    RootFs applied = new Unpack(image.store, Limits.DEFAULT, 2).unpack(read);
    String expected = wholeSeconds(image.text(changed));
    assertThat(wholeSeconds(image.text(applied))).isEqualTo(expected);
    Peers.runIn(temporary, "umoci", "unpack", "--image", "image:t", "bundle");
    assertThat(wholeSeconds(image.text(image.captured(temporary.resolve("bundle/rootfs")))))
        .isEqualTo(expected);
  }

  /// Fractions of seconds are not in our layers.
  private static String wholeSeconds(String text) {
    return text.replaceAll("(:\\d\\d)\\.\\d+Z", "$1Z");
  }

  /// Something to every fifth file of a tree, directory and link, whatever they are. The root's own
  /// time is not in a layer; and umoci refuses an image whose users it cannot read.
  private static final String CHANGES =
      """
      touch -r . ../time
      every() { find . -mindepth 1 ! -name passwd ! -name group -type "$1" -print0 | LC_ALL=C sort -z | sed -zn "$2"; }
      every f 1~5p | xargs -0r sh -euc 'for f; do echo more >> "$f"; done' sh
      every f 2~5p | xargs -0r rm
      every f 3~5p | xargs -0r chmod 4711
      every f 4~5p | xargs -0r chown 7:8
      every f 5~5p | xargs -0r sh -euc 'for f; do rm "$f"; mkdir "$f"; : > "$f/$(printf "\\351")"; done' sh
      every l 1~4p | xargs -0r rm
      every l 2~4p | xargs -0r sh -euc 'for f; do ln -sfn other "$f"; done' sh
      every l 3~4p | xargs -0r sh -euc 'for f; do rm "$f"; echo file > "$f"; done' sh
      every d 7~11p | xargs -0r rm -rf
      every d 3~11p | xargs -0r sh -euc 'for f; do if [ -d "$f" ]; then rm -r "$f"; ln -s . "$f"; fi; done' sh
      every d 5~11p | xargs -0r chmod 1700
      every p 1p | xargs -0r rm
      echo new > "$(printf 'new\\377')" && ln "$(printf 'new\\377')" again && mkfifo pipe
      mkdir -p locked && echo s > locked/new && chmod 0 locked/new locked
      touch -r ../time .
      """;

  private enum Wrapping {
    ZSTD(Compression.ZSTD),
    GZIP_MEMBERS(Compression.GZIP),
    PLAIN(Compression.NONE);

    private final Compression compression;

    Wrapping(Compression compression) {
      this.compression = compression;
    }

    Layer wrap(LayerRef layer, BlobStore store) throws IOException {
      InputStream blob = store.open(layer.digest());
      Digester diffId = new Digester();
      try (InputStream tar =
              layer.digest().hash().equals(layer.diffId()) ? blob : new GZIPInputStream(blob);
          BlobWriter out = store.write()) {
        byte[] piece = tar.readNBytes(1 << 20);
        while (piece.length > 0) {
          diffId.update(piece, 0, piece.length);
          write(piece, out);
          piece = tar.readNBytes(1 << 20);
        }
        return new Layer(out.commit(), diffId.finish(), compression, List.of());
      }
    }

    /// Each piece is a member, or a frame, of its own.
    private void write(byte[] piece, OutputStream out) throws IOException {
      switch (this) {
        case PLAIN -> out.write(piece);
        case GZIP_MEMBERS -> {
          GZIPOutputStream gzip = new GZIPOutputStream(out);
          gzip.write(piece);
          gzip.finish();
        }
        case ZSTD -> out.write(Zstd.compress(piece));
      }
    }
  }

  private static String withoutRoot(String text) {
    return text.substring(text.indexOf('\n') + 1);
  }
}
