package dev.athanor.oci.diff;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Entries;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Pack;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.rootfs.Unpack;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RootFsFormatTest {
  private final MemoryBlobStore store = new MemoryBlobStore();

  private RootFs rootfs(Entry... entries) throws IOException {
    Layer layer = new LayerWriter(store, store::open, 1).write(List.of(entries), Compression.NONE);
    return new Unpack(store, Limits.DEFAULT, 1)
        .unpack(List.of(new LayerRef(layer.digest(), layer.diffId().hash())));
  }

  private Content file(RootFs rootfs) throws IOException {
    return new Content.File(store.put(rootfs.encode()), false);
  }

  private List<String> lines(RootFs before, RootFs after) throws IOException {
    return Compared.lines(new Comparison(store, ImageFormats.ALL).of(file(before), file(after)));
  }

  @Test
  void files_areToldOneByOne() throws IOException {
    RootFs before =
        rootfs(
            Entries.file("/conf", "one\n"),
            Entries.file("/gone", "x"),
            Entries.file("/kind", "x"),
            Entries.symlink("/link", "here"),
            Entries.file("/mode", Entries.owned(0644, 0, 0, 5), "x"));
    RootFs after =
        rootfs(
            Entries.file("/came", "x"),
            Entries.file("/conf", "two\n"),
            Entries.fifo("/kind"),
            Entries.symlink("/link", "there"),
            Entries.file("/mode", Entries.owned(0600, 1, 2, 6), "x"));
    assertThat(lines(before, after))
        .containsExactly(
            "came PRESENCE  → there",
            "conf: line 1 TEXT one → two",
            "gone PRESENCE there → ",
            "kind KIND file → pipe",
            "kind: mode MODE 644 → 600",
            "link: target TARGET here → there",
            "mode: mode MODE 644 → 600",
            "mode: owner OWNER 0:0 → 1:2",
            "mode: time TIME 5 → 6");
    assertThat(lines(before, before)).isEmpty();
  }

  @Test
  void theSameFilesInOtherPacks_areEncoding() throws IOException {
    RootFs before = rootfs(Entries.file("/a", "x"));
    RootFs after = new RootFs(before.listing(), List.of());
    Pack first = before.packs().getFirst();
    assertThat(before.packs()).hasSize(2);
    assertThat(lines(before, after))
        .containsExactly("packs ENCODING 2, number 1 is " + first.data().hex() + " → 0");

    Pack otherIndex = new Pack(first.data(), store.put(new byte[] {1}));
    List<Pack> packs = List.of(otherIndex, before.packs().getLast());
    assertThat(lines(before, new RootFs(before.listing(), packs)))
        .containsExactly(
            "packs ENCODING 2, the index of number 1 is "
                + first.index().hex()
                + " → 2, the index of number 1 is "
                + otherIndex.index().hex());
    assertThat(lines(before, new RootFs(before.listing(), packs.subList(1, 2))))
        .containsExactly(
            "packs ENCODING 2, number 1 is "
                + first.data().hex()
                + " → 1, number 1 is "
                + packs.getLast().data().hex());
  }

  @Test
  void whatCannotBeRead_isComparedAsText() throws IOException {
    RootFs before = rootfs(Entries.file("/a", "x"));
    RootFs after = rootfs(Entries.file("/a", "y"));
    Compared.damaged(before.encode(), ImageFormats.ALL);
    assertThat(Compared.lines(before.encode(), after.encode(), ImageFormats.ALL).getFirst())
        .startsWith("line 2 TEXT ");
  }
}
