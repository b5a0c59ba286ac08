package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.Sets;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// With or without a memory, whole or damaged, a layer has the same bytes.
final class PieceMemoryTest {
  @TempDir Path temp;
  private DiskBlobStore store;
  private PieceMemory memory;
  private final List<byte[]> files = new ArrayList<>();

  @BeforeEach
  void writeFiles() {
    store = DiskBlobStore.open(temp.resolve("cache"));
    memory = new PieceMemory(temp.resolve("pieces/app"), store);
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      byte[] bytes = new byte[100_000];
      random.nextBytes(bytes);
      Arrays.fill(bytes, 0, 50_000, (byte) i);
      files.add(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void oneFileChanged_givesTheBytesOfAFreshWriter(Compression compression) throws Exception {
    write(compression);
    files.get(30)[70_000]++;

    Layer remembered = write(compression);

    assertThat(remembered).isEqualTo(fresh(compression));
  }

  @Test
  void oneFileChanged_takesTheOtherPiecesFromTheEarlierLayer() throws Exception {
    Layer first = write(Compression.GZIP);
    EarlierLayer earlier = memory.earlier(Compression.GZIP);
    files.get(30)[70_000]++;
    write(Compression.GZIP);
    EarlierLayer later = memory.earlier(Compression.GZIP);

    assertThat(first.digest().size()).isGreaterThan(2L << 20);
    assertThat(Sets.difference(later.pieces.keySet(), earlier.pieces.keySet())).hasSize(1);
    earlier.close();
    later.close();
  }

  @Test
  void damagedEarlierLayer_isNotCopied() throws Exception {
    Layer first = write(Compression.GZIP);
    Path blob = store.file(first.digest(), false).orElseThrow();
    Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2]++;
    Files.write(blob, bytes);
    files.get(59)[0]++;

    Layer second = write(Compression.GZIP);

    assertThat(second).isEqualTo(fresh(Compression.GZIP));
  }

  @Test
  void lostEarlierLayerOrTornFile_countsAsNone() throws Exception {
    Layer first = write(Compression.GZIP);
    Files.delete(store.file(first.digest(), false).orElseThrow());
    assertThat(memory.earlier(Compression.GZIP)).isSameInstanceAs(EarlierLayer.NONE);

    write(Compression.GZIP);
    assertThat(memory.earlier(Compression.ZSTD)).isSameInstanceAs(EarlierLayer.NONE);
    Path file = temp.resolve("pieces/app");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 40));
    assertThat(memory.earlier(Compression.GZIP)).isSameInstanceAs(EarlierLayer.NONE);
  }

  private Layer write(Compression compression) throws IOException {
    return new LayerWriter(store, store::open, 2).with(memory).write(entries(), compression);
  }

  private Layer fresh(Compression compression) throws IOException {
    return new LayerWriter(store, store::open, 2).write(entries(), compression);
  }

  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Digest digest = store.put(files.get(i));
      entries.add(
          new Entry.File(EntryPath.parse("app/" + i), Attributes.of(0644), Content.of(digest)));
    }
    return entries;
  }
}
