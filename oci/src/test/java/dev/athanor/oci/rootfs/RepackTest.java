package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.symlink;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepackTest {
  private final Images images = new Images();

  @Test
  void repack_nothingChanged_isEmpty() throws IOException {
    RootFs root = images.of(file("a", "1"));

    assertThat(repack(root, root)).isEmpty();
  }

  @Test
  void repack_changes_comeWithParentsAndWhiteouts() throws IOException {
    RootFs from =
        images.of(file("d/a", "1"), file("d/b", "1"), file("d/c/x", "1"), file("e/f", "1"));
    RootFs to = images.of(file("d/b", "2"), dir("d"), file("e/f", "1"), symlink("n", "t"));

    Layer layer = repack(from, to).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown))
        .containsExactly(
            "Directory /d", "Whiteout /d/a", "Whiteout /d/c", "File /d/b", "Symlink /n")
        .inOrder();
    assertApplies(from, to, layer);
  }

  @Test
  void repack_otherKind_needsNoWhiteout() throws IOException {
    RootFs from = images.of(file("a", "1"), file("b/x", "1"));
    RootFs to = images.of(file("a/y", "2"), symlink("b", "a"));

    Layer layer = repack(from, to).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown))
        .containsExactly("Directory /a", "File /a/y", "Symlink /b")
        .inOrder();
    assertApplies(from, to, layer);
  }

  @Test
  void repack_oneMoreName_bringsAllNames() throws IOException {
    RootFs from = images.of(file("x", "1"));
    RootFs to = images.of(file("x", "1"), link("a", "x"));

    Layer layer = repack(from, to).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown))
        .containsExactly("File /a", "HardLink /x")
        .inOrder();
    assertApplies(from, to, layer);
  }

  @Test
  void repack_modeOnly_bringsTheFile() throws IOException {
    RootFs from = images.of(file("x", 0644, "1"));
    RootFs to = images.of(file("x", 0600, "1"));

    assertThat(repack(from, to).orElseThrow().entries().getFirst()).isInstanceOf(Entry.File.class);
  }

  @Test
  void repack_rootTimeOnly_isEmpty() throws IOException {
    RootFs from = images.of(new Entry.Directory(EntryPath.ROOT, owned(0755, 0, 0, 1)));
    RootFs to = images.of(new Entry.Directory(EntryPath.ROOT, owned(0755, 0, 0, 2)));

    assertThat(repack(from, to)).isEmpty();
  }

  @Test
  void repack_otherNameInAGroup_bringsAllNames() throws IOException {
    RootFs from = images.of(file("d/a", "1"), link("z", "d/a"));
    RootFs to = images.of(file("d/a", "1"), link("y", "d/a"));

    Layer layer = repack(from, to).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown))
        .containsExactly("Whiteout /z", "Directory /d", "File /d/a", "HardLink /y")
        .inOrder();
    assertApplies(from, to, layer);
  }

  @Test
  void repack_maskedPaths_takeNoPart() throws IOException {
    RootFs from = images.of(file("proc/x", "1"), file("etc/hosts", "1"), file("etc/b", "1"));
    RootFs to = images.of(file("proc/y", "1"), file("etc/hosts", "2"), file("etc/b", "2"));

    Layer layer =
        new Repack(images.store, 1).repack(from, to, Masks.RUN, Compression.GZIP).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown))
        .containsExactly("Directory /etc", "File /etc/b")
        .inOrder();
  }

  @Test
  void repack_fractionOfASecond_isNoChange() throws IOException {
    RootFs from =
        images.unsorted(
            List.of(file("a", Attributes.of(0, 0, 0, Instant.ofEpochMilli(1750)), "1")));
    RootFs to = images.of(file("a", owned(0, 0, 0, 1), "1"));

    assertThat(from.listing()).isNotEqualTo(to.listing());
    assertThat(repack(from, to)).isEmpty();
  }

  @Test
  void repack_rootMode_isTheRootEntry() throws IOException {
    RootFs from = images.of(file("a", "1"));
    RootFs to =
        images.of(file("a", "1"), new Entry.Directory(EntryPath.ROOT, owned(0700, 0, 0, 9)));

    Layer layer = repack(from, to).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown)).containsExactly("Directory /");
    assertApplies(from, to, layer);
  }

  @Test
  void repack_deviceAndXattrs_areCompared() throws IOException {
    Attributes x = Attributes.of(0644).withXattrs(Map.of(Bytes.utf8("user.x"), Bytes.utf8("1")));
    Attributes y = Attributes.of(0644).withXattrs(Map.of(Bytes.utf8("user.x"), Bytes.utf8("2")));
    RootFs from =
        images.of(device("n", 1, 3), device("z", 1, 5), file("f", x, ""), file("g", x, ""));
    RootFs to = images.of(device("n", 1, 3), device("z", 1, 8), file("f", y, ""), file("g", x, ""));

    Layer layer = repack(from, to).orElseThrow();

    assertThat(layer.entries().stream().map(RepackTest::shown))
        .containsExactly("File /f", "Device /z")
        .inOrder();
    assertApplies(from, to, layer);
  }

  private Optional<Layer> repack(RootFs from, RootFs to) throws IOException {
    return new Repack(images.store, 1).repack(from, to, Masks.NONE, Compression.GZIP);
  }

  private void assertApplies(RootFs from, RootFs to, Layer layer) throws IOException {
    RootFs applied =
        new Unpack(images.store, Limits.DEFAULT, 1)
            .unpack(from, List.of(new LayerRef(layer.digest(), layer.diffId().hash())));
    assertThat(images.text(applied)).isEqualTo(images.text(to));
    assertThat(applied.listing()).isEqualTo(to.listing());
  }

  private static String shown(Entry entry) {
    return entry.getClass().getSimpleName() + " " + entry.path();
  }
}
