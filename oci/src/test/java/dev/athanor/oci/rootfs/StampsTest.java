package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class StampsTest {
  /// Beyond the granularity of change times.
  private static final int OLD_ENOUGH_MILLIS = 150;

  @TempDir Path temporary;
  private final BlobStore store = new MemoryBlobStore();
  private final Images images = new Images(store);
  private Path directory;

  @BeforeEach
  void create() {
    directory = temporary.resolve("root");
  }

  private RootFs root(String text) throws IOException {
    return images.layers(
        List.of(
            new Entry.File(EntryPath.parse("f"), Attributes.of(0644), Content.of(text)),
            new Entry.File(EntryPath.parse("g"), Attributes.of(0644), Content.of("same"))));
  }

  private void write(RootFs root) throws IOException {
    var _ = new Materialize(store, Materialize.Owners.CALLER, 1).materialize(root, directory);
  }

  private RootFs captured(RootFs base, Stamps stamps) throws IOException {
    Capture.Options options =
        new Capture.Options(Masks.NONE, Optional.empty(), Capture.Owners.CALLER);
    return new Capture(store, options).directory(base, directory, stamps);
  }

  private String text(RootFs root) throws IOException {
    return images.text(root);
  }

  /// The tree that it is compared with says that there is something else in the file, and is
  /// believed.
  @Test
  void untouchedFile_isNotRead() throws Exception {
    write(root("one"));
    Thread.sleep(OLD_ENOUGH_MILLIS);
    Stamps stamps = Stamps.take(root("two"), store, directory);

    assertThat(text(captured(root("two"), Stamps.parse(stamps.encode()))))
        .isEqualTo(text(root("two")));
    assertThat(text(captured(root("two"), Stamps.NONE))).isEqualTo(text(root("one")));
  }

  @Test
  void changedFile_isRead_thoughSizeAndTimeAreAsBefore() throws Exception {
    write(root("one"));
    Thread.sleep(OLD_ENOUGH_MILLIS);
    Stamps stamps = Stamps.take(root("one"), store, directory);
    Files.writeString(directory.resolve("f"), "two");
    Files.setLastModifiedTime(directory.resolve("f"), FileTime.from(Instant.EPOCH));

    assertThat(text(captured(root("one"), stamps))).isEqualTo(text(root("two")));
  }

  /// Its change time cannot tell it from one that is changed in the same moment.
  @Test
  void youngFile_hasNoStamp() throws IOException {
    write(root("one"));
    RootFs two = root("two");
    Files.setLastModifiedTime(directory.resolve("f"), FileTime.from(Instant.EPOCH));
    Stamps stamps = Stamps.take(two, store, directory);

    assertThat(text(captured(two, stamps))).isEqualTo(text(root("one")));
  }

  @Test
  void removedFile_isGone() throws Exception {
    write(root("one"));
    Files.delete(directory.resolve("g"));

    assertThat(text(captured(root("one"), Stamps.NONE))).doesNotContain("/g");
  }

  @Test
  void anythingElse_isNoStamps() throws Exception {
    write(root("one"));
    Thread.sleep(OLD_ENOUGH_MILLIS);
    byte[] good = Stamps.take(root("two"), store, directory).encode();

    for (byte[] bad : List.of(new byte[0], new byte[] {1, 2, 3}, truncated(good), other(good))) {
      assertThat(text(captured(root("two"), Stamps.parse(bad)))).isEqualTo(text(root("one")));
    }
  }

  private static byte[] truncated(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, bytes.length - 5);
  }

  private static byte[] other(byte[] bytes) {
    byte[] other = bytes.clone();
    other[3] = 9;
    return other;
  }
}
