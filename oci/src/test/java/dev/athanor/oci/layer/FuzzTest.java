package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.rootfs.Capture;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.ListingText;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Materialize;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.rootfs.Unpack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damages good layers at random and reads them: whatever comes, it is a layer, or it is refused
/// with a [LayerException].
class FuzzTest {
  private static final Limits SMALL = new Limits(1 << 22, 1 << 20, 100, 1000, 1 << 16);
  private static final String TAR = "0\0\n =,/.";

  @Test
  void read_damagedLayer_isReadOrRefused() throws IOException {
    List<byte[]> good = List.of(odd(), ours(Compression.NONE), ours(Compression.GZIP), zstd());
    Fuzz.run(0.25, random -> read(damagedTar(good, random)));
  }

  private static void read(byte[] blob) throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    try {
      ReadLayer layer = new LayerReader(store, SMALL).read(store.put(blob), "fuzzed");
      try (Contents contents = new Contents(store, layer.packs())) {
        for (Entry entry : layer.entries()) {
          if (entry instanceof Entry.File file) {
            assertThat(contents.read(file.content().digest()).length)
                .isEqualTo(file.content().size());
          }
        }
      }
    } catch (LayerException e) {
      assertThat(e).hasMessageThat().startsWith("layer fuzzed: ");
    }
  }

  /// A file is read by another decoder than a stream, when it is gzip; they agree.
  @Test
  void read_damagedFraming_isTheSameFromAFileAndAStream(@TempDir Path folder) throws IOException {
    FileBlobStore files = new FileBlobStore(folder);
    MemoryBlobStore memory = new MemoryBlobStore();
    byte[] gzip = ours(Compression.GZIP);
    List<byte[]> good =
        List.of(gzip, twice(gzip), LayerReaderTest.gzip(odd()), zstd(), twice(zstd()));
    Fuzz.run(
        0.25,
        random -> {
          byte[] blob = good.get(random.nextInt(good.size())).clone();
          Fuzz.damage(blob, random, "\u001f\u008b\b\0(\u00b5/\u00fd");
          byte[] cut = Arrays.copyOf(blob, blob.length + random.nextInt(20) - 10);
          Digest digest = files.put(cut);
          memory.put(cut);

          String fromFile = read(new LayerReader(files, SMALL), digest);
          String fromStream = read(new LayerReader(memory, SMALL), digest);

          assertThat(fromFile).isEqualTo(fromStream);
          Files.delete(folder.resolve(digest.hex()));
        });
  }

  /// The first reading tells the diffID, the second is made with it.
  private static String read(LayerReader reader, Digest blob) throws IOException {
    try {
      return reader.read(blob, Sha256.parse("0".repeat(64))).toString();
    } catch (LayerException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains("diffID mismatch")) {
        return message;
      }
      Sha256 diffId = Sha256.parse(message.substring(message.length() - 64));
      return reader.read(blob, diffId).entries().toString();
    }
  }

  /// The whole way to the disk: nothing changes beside the directory of the image.
  @Test
  void unpack_damagedLayers_staysInside(@TempDir Path place) throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    Files.writeString(Files.createDirectory(place.resolve("outside")).resolve("canary"), "alive");
    Files.createDirectory(place.resolve("box"));
    List<byte[]> good = List.of(odd(), escaping(place), ours(Compression.NONE));
    String before = outside(place, store);
    Fuzz.run(
        0.3,
        random -> {
          List<byte[]> layers = new ArrayList<>();
          for (int i = random.nextInt(3); i >= 0; i--) {
            layers.add(damagedTar(good, random));
          }
          unpack(layers, place.resolve("box/image"));

          assertThat(outside(place, store)).isEqualTo(before);
        });
  }

  private static void unpack(List<byte[]> layers, Path directory) throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    Unpack unpack = new Unpack(store, SMALL, 1);
    try {
      List<ReadLayer> read = new ArrayList<>();
      for (byte[] layer : layers) {
        read.add(new LayerReader(store, SMALL).read(store.put(layer), "fuzzed"));
      }
      RootFs root = unpack.apply(unpack.unpack(List.of()), read);
      new Materialize(store, Materialize.Owners.CALLER, 1).materialize(root, directory);
    } catch (UserException e) {
      assertThat(e).hasMessageThat().isNotEmpty();
    } finally {
      DeleteTree.delete(directory);
    }
  }

  private static String outside(Path place, MemoryBlobStore store) throws IOException {
    Capture.Options options =
        new Capture.Options(Masks.parse(List.of("/box")), Optional.empty(), Capture.Owners.CALLER);
    return ListingText.of(new Capture(store, options).directory(place), store);
  }

  private static byte[] damagedTar(List<byte[]> good, Random random) {
    byte[] blob = good.get(random.nextInt(good.size())).clone();
    Fuzz.damage(blob, random, TAR);
    mendChecksums(blob);
    return blob;
  }

  /// Without this nearly all damage would end at the first header's checksum.
  private static void mendChecksums(byte[] tar) {
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (tar[at + 257] != 'u' || tar[at + 258] != 's') {
        continue;
      }
      int sum = 8 * ' ';
      for (int i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? 0 : tar[at + i] & 0xff;
      }
      byte[] digits = LayerReaderTest.latin1(TarBuilder.octal(sum, 6) + "\0 ");
      System.arraycopy(digits, 0, tar, at + 148, 8);
    }
  }

  private static byte[] odd() {
    return new TarBuilder()
        .global("uid", "5", "SCHILY.xattr.user.x", "y")
        .pax("path", "some/long/name", "mtime", "1.5", "size", "4")
        .file("f", "data")
        .extension('L', "gnu/long/name\0")
        .file("g", "data")
        .pax("GNU.sparse.size", "20", "GNU.sparse.map", "3,2,10,2", "GNU.sparse.name", "s")
        .file("x", "abcd")
        .pax("GNU.sparse.major", "1", "GNU.sparse.name", "t", "GNU.sparse.realsize", "13")
        .file("x", "2\n3\n2\n10\n2\n" + "\0".repeat(501) + "abcd")
        .link('1', "h", "some/long/name")
        .link('2', "l", "../../..")
        .file("d/.wh.x", "")
        .file("d/.wh..wh..opq", "")
        .end();
  }

  /// Links in all directions, and entries behind them.
  private static byte[] escaping(Path place) {
    return new TarBuilder()
        .link('2', "a", place.resolve("outside").toString())
        .link('2', "b", "../../outside")
        .link('2', "c", "b/canary")
        .file("a/x", "x")
        .file("b/canary", "x")
        .file("b/.wh.canary", "")
        .file("../a/.wh..wh..opq", "")
        .link('1', "d", "c")
        .file("d", "x")
        .member('5', "a", "")
        .member('6', "d", "")
        .end();
  }

  private static byte[] ours(Compression compression) throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    List<Entry> entries =
        List.of(
            Entries.file("a/b", "x".repeat(3000)),
            Entries.symlink("l", "a/b"),
            Entries.link("h", "a/b"),
            Entries.whiteout("w"),
            Entries.device("null", 1, 3));
    Layer layer = new LayerWriter(store, store::open, 1).write(entries, compression);
    return store.read(layer.digest());
  }

  private static byte[] zstd() {
    return Zstd.compress(odd());
  }

  private static byte[] twice(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes);
    out.writeBytes(bytes);
    return out.toByteArray();
  }
}
