package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.opaque;
import static dev.athanor.oci.layer.Entries.symlink;
import static dev.athanor.oci.layer.Entries.whiteout;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.oci.layer.LayerException;
import java.io.IOException;
import java.util.List;
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
}
