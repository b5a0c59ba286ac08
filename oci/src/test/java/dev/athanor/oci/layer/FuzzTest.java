package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertWithMessage;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.cas.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damages good layers at random and reads them: whatever comes, it is a layer, or it is refused
/// with a [LayerException].
///
/// Seeded, and bounded by time: `-Dathanor.fuzz.seconds=60` looks longer, `-Dathanor.fuzz.seed=N`
/// looks elsewhere.
class FuzzTest {
  private static final Limits SMALL = new Limits(1 << 22, 1 << 20, 100, 1000, 1 << 16);

  @Test
  void read_damagedLayer_isReadOrRefused() throws IOException {
    long seed = Long.getLong("athanor.fuzz.seed", 1);
    long end =
        System.nanoTime() + Duration.ofSeconds(Long.getLong("athanor.fuzz.seconds", 3)).toNanos();
    List<byte[]> seeds = List.of(odd(), ours(Compression.NONE), ours(Compression.GZIP), zstd());
    while (System.nanoTime() < end) {
      Random random = new Random(seed);
      byte[] blob = seeds.get(random.nextInt(seeds.size())).clone();
      damage(blob, random);
      read(blob, seed);
      seed++;
    }
  }

  private static void read(byte[] blob, long seed) {
    MemoryBlobStore store = new MemoryBlobStore();
    try {
      ReadLayer layer =
          new LayerReader(store, SMALL).read(new ByteArrayInputStream(blob), "seed " + seed);
      for (Entry entry : layer.entries()) {
        if (entry instanceof Entry.File file) {
          try (Contents contents = new Contents(store, layer.packs())) {
            assertWithMessage("seed %s", seed)
                .that(contents.read(file.content().digest()).length)
                .isEqualTo(file.content().size());
          }
        }
      }
    } catch (LayerException e) {
      assertWithMessage("seed %s", seed).that(e).hasMessageThat().contains("seed " + seed);
    } catch (IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static void damage(byte[] blob, Random random) {
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(blob.length);
      switch (random.nextInt(4)) {
        case 0 -> blob[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> blob[at] = (byte) random.nextInt(256);
        case 2 ->
            blob[at] =
                "0\0\n =,/."
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII)[random.nextInt(8)];
        default -> {
          int length = Math.min(random.nextInt(64), blob.length - at);
          int from = random.nextInt(blob.length - length);
          System.arraycopy(blob, from, blob, at, length);
        }
      }
    }
    mendChecksums(blob);
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
}
