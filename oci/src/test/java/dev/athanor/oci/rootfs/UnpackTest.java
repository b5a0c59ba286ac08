package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.opaque;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.path;
import static dev.athanor.oci.layer.Entries.symlink;
import static dev.athanor.oci.layer.Entries.whiteout;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Pack;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnpackTest {
  private final Images images = new Images();

  @Test
  void unpack_laterLayer_wins() throws IOException {
    RootFs root =
        images.layers(List.of(file("a/x", "1"), file("a/y", "1")), List.of(file("a/x", "2")));

    assertThat(images.paths(root)).containsExactly("/a/", "/a/x = 2", "/a/y = 1").inOrder();
  }

  @Test
  void unpack_sameTreeByOtherLayers_sameListing() throws IOException {
    RootFs one = images.of(file("a/x", "1"), file("b", "2"));
    RootFs two =
        images.layers(
            List.of(file("a/x", "0"), file("b", "2"), file("c", "3")),
            List.of(file("a/x", "1"), whiteout("c")));

    assertThat(two.listing()).isEqualTo(one.listing());
  }

  @Test
  void unpack_directoryOverDirectory_mergesAndTakesAttributes() throws IOException {
    RootFs root =
        images.layers(List.of(dir("d", 0700), file("d/f", "1")), List.of(dir("d", 01777)));

    assertThat(images.text(root)).contains("d1777 0:0 1970-01-01T00:00:00Z /d\n");
    assertThat(images.paths(root)).contains("/d/f = 1");
  }

  @Test
  void unpack_otherKind_replaces() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(symlink("s", "t"), file("t/f", "1"), file("f", "1"), file("d/f", "1")),
            List.of(dir("s"), file("d", "2"), file("f/g", "2")));

    assertThat(images.paths(root))
        .containsExactly("/d = 2", "/f/", "/f/g = 2", "/s/", "/t/", "/t/f = 1")
        .inOrder();
  }

  @Test
  void unpack_whiteout_removesLowerOnly() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(file("d/old", "1"), file("e/old", "1"), file("f", "1")),
            List.of(
                file("d/new", "2"),
                whiteout("d"),
                whiteout("e"),
                file("e/new", "2"),
                whiteout("f"),
                whiteout("absent/too")));

    assertThat(images.paths(root))
        .containsExactly("/d/", "/d/new = 2", "/e/", "/e/new = 2")
        .inOrder();
  }

  @Test
  void unpack_opaque_keepsOwnEntriesInEitherOrder() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(file("d/old", "1"), file("e/old", "1")),
            List.of(file("d/new", "2"), opaque("d"), opaque("e"), file("e/new", "2")));

    assertThat(images.paths(root))
        .containsExactly("/d/", "/d/new = 2", "/e/", "/e/new = 2")
        .inOrder();
  }

  @Test
  void unpack_symlinkInParent_isFollowedInsideTheRoot() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(symlink("lib", "usr/lib"), dir("usr/lib"), symlink("up", "../../../etc")),
            List.of(file("lib/x", "1"), file("up/passwd", "2")));

    assertThat(images.paths(root))
        .containsExactly(
            "/etc/",
            "/etc/passwd = 2",
            "/lib -> usr/lib",
            "/up -> ../../../etc",
            "/usr/",
            "/usr/lib/",
            "/usr/lib/x = 1")
        .inOrder();
  }

  @Test
  void unpack_symlinkCircle_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class,
            () -> images.unsorted(List.of(symlink("a", "b"), symlink("b", "a"), file("a/x", "1"))));

    assertThat(e).hasMessageThat().contains("entry '/a/x': symbolic links in a circle");
  }

  @Test
  void unpack_hardLinks_shareOneFile() throws IOException {
    RootFs root =
        images.layers(
            List.of(file("a", "1"), link("b", "a"), link("d/c", "a")), List.of(file("a", "2")));

    assertThat(images.text(root)).contains("/b 6b86b273");
    assertThat(images.text(root)).contains("/1 links 2 /b\n");
    assertThat(images.paths(root)).containsExactly("/a = 2", "/b = 1", "/d/", "/d/c = 1").inOrder();
  }

  @Test
  void unpack_hardLinkToNothing_isRefused() {
    LayerException e =
        assertThrows(LayerException.class, () -> images.unsorted(List.of(link("b", "a"))));

    assertThat(e).hasMessageThat().contains("entry '/b': hard link to /a, which is not there");
  }

  @Test
  void unpack_missingParents_areOfTheEpoch() throws IOException {
    RootFs root = images.unsorted(List.of(file("a/b/c", "1")));

    assertThat(images.text(root))
        .startsWith(
            """
            d0755 0:0 1970-01-01T00:00:00Z /
            d0755 0:0 1970-01-01T00:00:00Z /a
            d0755 0:0 1970-01-01T00:00:00Z /a/b
            """);
  }

  @Test
  void unpack_rootEntry_setsItsAttributes() throws IOException {
    RootFs root =
        images.layers(
            List.of(new Entry.Directory(EntryPath.ROOT, owned(01777, 1, 2, 3))),
            List.of(file("a", "1")));

    assertThat(images.text(root)).startsWith("d1777 1:2 1970-01-01T00:00:03Z /\n");
  }

  @Test
  void unpack_twoEntriesForOnePath_laterWins() throws IOException {
    RootFs root =
        images.unsorted(List.of(file("a", "1"), symlink("a", "x"), file("b", "1"), file("b", "2")));

    assertThat(images.paths(root)).containsExactly("/a -> x", "/b = 2").inOrder();
  }

  @Test
  void unpack_directoryMtime_isThatOfItsEntryWhateverCameLater() throws IOException {
    RootFs root =
        images.layers(
            List.of(new Entry.Directory(EntryPath.parse("d"), owned(0755, 0, 0, 5))),
            List.of(
                file("d/new", "1"),
                new Entry.Directory(EntryPath.parse("d"), owned(0755, 0, 0, 5))));

    assertThat(images.text(root)).contains("d0755 0:0 1970-01-01T00:00:05Z /d\n");
  }

  @Test
  void unpack_fractionsSetuidXattrs_areKept() throws IOException {
    Attributes rich =
        Attributes.of(04755, 3, 4, Instant.parse("2020-01-02T03:04:05.75Z"))
            .withXattrs(Map.of(Bytes.utf8("security.capability"), Bytes.utf8("\u0001")));

    RootFs root = images.unsorted(List.of(file("a", rich, "1"), file("b", "0"), link("b", "a")));

    assertThat(images.text(root))
        .contains("-4755 3:4 2020-01-02T03:04:05.750Z {security.capability=\\x01} /a ");
    assertThat(images.text(root)).contains("{security.capability=\\x01} /b ");
  }

  @Test
  void unpack_hardLinkTarget_isFoundInsideTheRoot() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(file("etc/passwd", "ours"), symlink("way", "/etc"), symlink("s", "etc")),
            List.of(
                new Entry.HardLink(path("a"), Attributes.of(0), path("way/passwd")),
                link("b", "s"),
                link("a", "a")));

    assertThat(images.paths(root))
        .containsExactly(
            "/a = ours", "/b -> etc", "/etc/", "/etc/passwd = ours", "/s -> etc", "/way -> /etc")
        .inOrder();
    assertThat(images.text(root)).contains("links 2 /a");
  }

  @Test
  void unpack_hardLinkToDirectory_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class, () -> images.unsorted(List.of(dir("d"), link("l", "d"))));

    assertThat(e).hasMessageThat().contains("entry '/l': hard link to the directory /d");
  }

  @Test
  void unpack_whiteoutThroughSymlink_staysInside() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(
                symlink("out", "/../../etc"),
                file("etc/passwd", "1"),
                file("etc/group", "1"),
                symlink("loop", "loop")),
            List.of(
                whiteout("out/passwd"),
                opaque("nowhere"),
                whiteout("etc/group/x"),
                opaque("etc/group")));

    assertThat(images.paths(root))
        .containsExactly("/etc/", "/etc/group = 1", "/loop -> loop", "/out -> /../../etc")
        .inOrder();
  }

  @Test
  void unpack_whiteoutBelowDirectoryOverSymlink_leavesWhatWasBehindTheLink() throws IOException {
    List<Entry> lower =
        List.of(
            file("real/x", "1"), symlink("a", "real"), symlink("b", "real"), symlink("c", "real"));
    List<Entry> upper = List.of(dir("a"), whiteout("a/x"), dir("b"), opaque("b"));

    RootFs replaced = images.unsorted(lower, upper);
    RootFs through = images.unsorted(lower, List.of(whiteout("c/x")));

    assertThat(images.paths(replaced))
        .containsExactly("/a/", "/b/", "/c -> real", "/real/", "/real/x = 1")
        .inOrder();
    assertThat(images.paths(through)).doesNotContain("/real/x = 1");
  }

  @Test
  void unpack_whiteoutBehindTargetThatIsNoPath_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class,
            () ->
                images.unsorted(List.of(symlink("s", "x".repeat(300))), List.of(whiteout("s/f"))));

    assertThat(e).hasMessageThat().contains("entry '/s/f': not a file name, longer than 255");
  }

  @Test
  void unpack_whiteoutInALoop_isRefused() {
    LayerException e =
        assertThrows(
            LayerException.class,
            () -> images.unsorted(List.of(symlink("l", "l")), List.of(whiteout("l/x"))));

    assertThat(e).hasMessageThat().contains("symbolic links in a circle");
  }

  @Test
  void unpack_danglingSymlinkInParent_isMadeInside() throws IOException {
    RootFs root =
        images.unsorted(List.of(symlink("esc", "/host/dir")), List.of(file("esc/in", "1")));

    assertThat(images.paths(root))
        .containsExactly("/esc -> /host/dir", "/host/", "/host/dir/", "/host/dir/in = 1")
        .inOrder();
  }

  @Test
  void unpack_symlinkTargetThatIsNoPath_isRefusedOnTheWay() {
    LayerException e =
        assertThrows(
            LayerException.class,
            () -> images.unsorted(List.of(symlink("s", "x".repeat(300)), file("s/f", "1"))));

    assertThat(e).hasMessageThat().contains("entry '/s/f': not a file name, longer than 255");
  }

  @Test
  void unpack_opaqueRoot_hidesEverything() throws IOException {
    RootFs root = images.unsorted(List.of(file("a", "1")), List.of(file("b", "2"), opaque("/")));

    assertThat(images.paths(root)).containsExactly("/b = 2");
  }

  @Test
  void unpack_directoryOverSymlink_replacesIt() throws IOException {
    RootFs root =
        images.unsorted(
            List.of(
                dir("usr/lib"),
                symlink("lib", "usr/lib"),
                symlink("broken", "no"),
                symlink("l", "l")),
            List.of(dir("lib", 0700), file("lib/x", "1"), dir("broken"), dir("l")));

    assertThat(images.paths(root))
        .containsExactly("/broken/", "/l/", "/lib/", "/lib/x = 1", "/usr/", "/usr/lib/")
        .inOrder();
  }

  @Test
  void unpack_ontoBase_isTheSameAsFromTheStart() throws IOException {
    List<Entry> first = List.of(file("a/x", "1"), link("b/x", "a/x"), file("c/y", "1"));
    List<Entry> second = List.of(file("a/x", "2"), whiteout("c"), link("n", "b/x"));

    RootFs atOnce = images.unsorted(first, second);
    RootFs stepwise =
        new Unpack(images.store, Limits.DEFAULT, 1)
            .apply(images.unsorted(first), List.of(images.read(second)));

    assertThat(images.text(stepwise)).isEqualTo(images.text(atOnce));
    assertThat(images.text(stepwise)).contains("/b/x 6b86b273");
    assertThat(images.text(stepwise)).contains("links 2 /b/x");
  }

  @Test
  void unpack_ontoBase_writesTheSpineOnly() throws IOException {
    RootFs base = images.of(file("a/b/c/f", "1"), file("x/y/z/f", "1"));
    int before = ((MemoryBlobStore) images.store).digests().size();

    RootFs after =
        new Unpack(images.store, Limits.DEFAULT, 1)
            .apply(base, List.of(images.read(List.of(file("a/b/c/f", "2")))));

    Pack nodes = after.packs().getLast();
    // The nodes of /, /a, /a/b and /a/b/c; each takes 48 bytes in the index.
    assertThat(nodes.index().size()).isEqualTo(8 + 4 * 48);
    assertThat(((MemoryBlobStore) images.store).digests()).hasSize(before + 4);
  }

  @Test
  void unpack_manyThreads_isTheSame() throws IOException {
    List<LayerRef> layers = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      layers.add(images.ref(List.of(file("common", "" + i), file("own/" + i, "x"))));
    }

    RootFs one = new Unpack(images.store, Limits.DEFAULT, 1).unpack(layers);
    RootFs eight = new Unpack(images.store, Limits.DEFAULT, 8).unpack(layers);

    assertThat(eight).isEqualTo(one);
    assertThat(images.paths(one)).contains("/common = 129");
    assertThat(images.paths(one)).hasSize(1 + 1 + 130);
  }
}
