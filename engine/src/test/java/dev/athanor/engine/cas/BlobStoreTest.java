package dev.athanor.engine.cas;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlobStoreTest {
  private static final byte[] BYTES = "quicksilver".getBytes(UTF_8);
  private static final Digest DIGEST = Digester.digest(BYTES);

  private static final FileSystem FILES =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());

  static Stream<BlobStore> stores() throws IOException {
    Path root = Files.createTempDirectory(Files.createDirectories(FILES.getPath("/t")), "cas");
    return Stream.of(new MemoryBlobStore(), DiskBlobStore.open(root));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void put_thenRead_givesTheBytes(BlobStore store) throws IOException {
    assertThat(store.contains(DIGEST)).isFalse();

    assertThat(store.put(BYTES)).isEqualTo(DIGEST);

    assertThat(store.contains(DIGEST)).isTrue();
    assertThat(store.read(DIGEST)).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void open_absentBlob_namesTheDigest(BlobStore store) {
    MissingBlobException e = assertThrows(MissingBlobException.class, () -> store.open(DIGEST));

    assertThat(e.digest()).isEqualTo(DIGEST);
  }

  @ParameterizedTest
  @MethodSource("stores")
  void commit_ofOtherBytes_storesNothing(BlobStore store) throws IOException {
    try (BlobWriter writer = store.write()) {
      writer.write("lead".getBytes(UTF_8));
      assertThrows(CorruptBlobException.class, () -> writer.commit(DIGEST));
    }

    assertThat(store.contains(DIGEST)).isFalse();
    assertThat(store.contains(Digester.digest("lead".getBytes(UTF_8)))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("stores")
  void close_withoutCommit_storesNothing(BlobStore store) throws IOException {
    try (BlobWriter writer = store.write()) {
      writer.write(BYTES);
    }

    assertThat(store.contains(DIGEST)).isFalse();
  }

  @Test
  void disk_leavesNoTemporaryFiles() throws IOException {
    Path root = FILES.getPath("/clean");
    BlobStore store = DiskBlobStore.open(root);
    store.put(BYTES);
    try (BlobWriter writer = store.write()) {
      writer.write(BYTES);
    }

    try (Stream<Path> left = Files.list(root.resolve("tmp"))) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  void disk_layoutIsThatOfBazel() throws IOException {
    Path root = FILES.getPath("/layout");
    DiskBlobStore.open(root).put(BYTES);

    Path blob = root.resolve("cas").resolve(DIGEST.hex().substring(0, 2)).resolve(DIGEST.hex());
    assertThat(Files.readAllBytes(blob)).isEqualTo(BYTES);
  }

  @Test
  void disk_executableHasItsOwnReadOnlyFile() throws IOException {
    DiskBlobStore store = DiskBlobStore.open(FILES.getPath("/modes"));
    store.put(BYTES);

    Path plain = store.file(DIGEST, false).orElseThrow();
    Path executable = store.file(DIGEST, true).orElseThrow();

    assertThat(Files.isSameFile(plain, executable)).isFalse();
    assertThat(permissions(plain)).isEqualTo("r--r--r--");
    assertThat(permissions(executable)).isEqualTo("r-xr-xr-x");
  }

  @Test
  void disk_truncatedBlob_isMissingAndPutAside() throws IOException {
    Path root = FILES.getPath("/torn");
    DiskBlobStore store = DiskBlobStore.open(root);
    store.put(BYTES);
    Path blob = store.file(DIGEST, false).orElseThrow();
    Files.delete(blob);
    Files.write(blob, new byte[3]);

    assertThat(store.contains(DIGEST)).isFalse();
    assertThrows(MissingBlobException.class, () -> store.open(DIGEST));
    assertWithMessage("quarantined").that(Files.exists(root.resolve("quarantine"))).isTrue();

    store.put(BYTES);
    assertThat(store.read(DIGEST)).isEqualTo(BYTES);
  }

  /// Whoever asks for other sizes must not be able to remove what is whole.
  @Test
  void disk_wholeBlob_staysWhenItIsAskedForWithAnotherSize() throws IOException {
    Path root = FILES.getPath("/asked");
    DiskBlobStore store = DiskBlobStore.open(root);
    store.put(BYTES);
    Path executable = store.file(DIGEST, true).orElseThrow();

    for (long size : new long[] {0, 1, DIGEST.size() + 1}) {
      Digest wrong = new Digest(DIGEST.hash(), size);
      assertThat(store.contains(wrong)).isFalse();
      assertThrows(MissingBlobException.class, () -> store.open(wrong));
      assertThrows(MissingBlobException.class, () -> store.file(wrong, true));
    }

    assertThat(store.contains(DIGEST)).isTrue();
    assertThat(Files.exists(executable)).isTrue();
    assertThat(Files.exists(root.resolve("quarantine"))).isFalse();
    // Having been whole once does not help what is damaged later.
    Path blob = store.file(DIGEST, false).orElseThrow();
    Files.delete(blob);
    Files.write(blob, new byte[BYTES.length]);
    assertThat(store.contains(new Digest(DIGEST.hash(), 1))).isFalse();
    assertThat(Files.exists(root.resolve("quarantine"))).isTrue();
  }

  @Test
  void disk_unwritableRoot_saysSo() throws IOException {
    Path file = Files.createFile(FILES.getPath("/not-a-directory"));

    UserException e = assertThrows(UserException.class, () -> DiskBlobStore.open(file));

    assertThat(e).hasMessageThat().contains("cannot write to the cache directory");
    assertThat(e.hint().orElseThrow()).contains("--cache-dir");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
