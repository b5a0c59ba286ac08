package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.symlink;

import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import java.io.IOException;
import java.util.List;
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
    RootFs from =
        images.of(new Entry.Directory(dev.athanor.oci.layer.EntryPath.ROOT, owned(0755, 0, 0, 1)));
    RootFs to =
        images.of(new Entry.Directory(dev.athanor.oci.layer.EntryPath.ROOT, owned(0755, 0, 0, 2)));

    assertThat(repack(from, to)).isEmpty();
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
