package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.fifo;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.symlink;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.FileBlobStore;
import dev.athanor.oci.layer.LayerException;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  /// For a step that ran as root.
  private static final Capture.Options STEP =
      new Capture.Options(Masks.RUN, Optional.of(Instant.EPOCH), Capture.Owners.REAL);

  @TempDir Path temporary;

  @Test
  void materialize_thenCapture_isTheSame_asRoot() throws IOException {
    Peers.requireRoot();
    Images images = new Images(new FileBlobStore(Files.createDirectory(temporary.resolve("cas"))));
    RootFs root = images.layers(everything());

    List<String> notes =
        new Materialize(images.store, Materialize.Owners.REAL, 2)
            .materialize(root, temporary.resolve("root"));
    RootFs captured = new Capture(images.store, Images.EXACT).directory(temporary.resolve("root"));

    assertThat(notes).isEmpty();
    assertThat(images.text(captured)).isEqualTo(images.text(root));
    assertThat(captured.listing()).isEqualTo(root.listing());
    assertThat(images.paths(captured)).isEqualTo(images.paths(root));
  }

  @Test
  void materialize_thenCapture_isTheSame_onJimfs() throws IOException {
    Images images = new Images();
    RootFs root =
        images.of(
            new Entry.Directory(EntryPath.ROOT, Attributes.of(0755)),
            file("a/b", Attributes.of(0640, 0, 0, Instant.parse("2020-01-01T00:00:00.5Z")), "x"),
            link("a/c", "a/b"),
            dir("d", 0500));
    try (FileSystem jimfs =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder().setAttributeViews("posix", "unix").build())) {
      Path directory = jimfs.getPath("/root");

      List<String> notes =
          new Materialize(images.store, Materialize.Owners.CALLER, 1).materialize(root, directory);
      RootFs captured =
          new Capture(
                  images.store,
                  new Capture.Options(Masks.NONE, Optional.empty(), Capture.Owners.CALLER))
              .directory(directory);

      assertThat(notes).isEmpty();
      assertThat(images.text(captured)).isEqualTo(images.text(root));
    }
  }

  @Test
  void materialize_intoFullDirectory_isRefused() throws IOException {
    Images images = new Images();
    RootFs root = images.of(file("a", "1"));
    Files.writeString(temporary.resolve("x"), "there");

    assertThrows(
        DirectoryNotEmptyException.class,
        () ->
            new Materialize(images.store, Materialize.Owners.CALLER, 1)
                .materialize(root, temporary));
  }

  @Test
  void overlay_upper_isAppliedAndClamped() throws IOException {
    Peers.requireRoot();
    Images images = new Images();
    RootFs base =
        images.layers(
            List.of(
                file("etc/passwd", owned(0644, 0, 0, 1000), "root"),
                file("etc/old", owned(0644, 0, 0, 1000), "old"),
                file("gone/x", "1"),
                file("opaque/lower", "1"),
                file("tmp/keep", "1"),
                file("same", owned(0644, 0, 0, 1000), "same")));
    Path upper = Files.createDirectory(temporary.resolve("upper"));
    Path etc = Files.createDirectory(upper.resolve("etc"));
    Files.writeString(etc.resolve("new"), "new");
    Peers.run("mknod", etc.resolve("old").toString(), "c", "0", "0");
    Peers.run("mknod", upper.resolve("gone").toString(), "c", "0", "0");
    Path opaque = Files.createDirectory(upper.resolve("opaque"));
    setXattr(opaque, "trusted.overlay.opaque", "y");
    Files.writeString(opaque.resolve("upper"), "2");
    Files.writeString(Files.createDirectory(upper.resolve("tmp")).resolve("scratch"), "no");
    Files.writeString(upper.resolve("same"), "same");
    Files.setLastModifiedTime(
        upper.resolve("same"), java.nio.file.attribute.FileTime.fromMillis(1000_000));

    RootFs after = new Capture(images.store, STEP).overlay(base, upper);

    assertThat(images.paths(after))
        .containsExactly(
            "/etc/",
            "/etc/new = new",
            "/etc/passwd = root",
            "/opaque/",
            "/opaque/upper = 2",
            "/same = same",
            "/tmp/",
            "/tmp/keep = 1")
        .inOrder();
    assertThat(
            new Repack(images.store, 1)
                .difference(base, after, Masks.NONE).stream()
                    .map(e -> e.getClass().getSimpleName() + " " + e.path()))
        .containsExactly(
            "Directory /etc",
            "File /etc/new",
            "Whiteout /etc/old",
            "Whiteout /gone",
            "Directory /opaque",
            "Whiteout /opaque/lower",
            "File /opaque/upper");
    assertThat(images.text(after)).contains("-0644 0:0 1970-01-01T00:00:00Z /etc/new");
  }

  @Test
  void overlay_ofTheCaller_keepsOwnersAndDevicesOfTheBase() throws IOException {
    Images images = new Images();
    RootFs base =
        images.of(
            file("srv/mine", owned(0644, 33, 34, 0), "1"),
            device("dev/null", 1, 3),
            file("other", owned(0600, 5, 5, 0), "1"));
    Path upper = Files.createDirectory(temporary.resolve("upper"));
    Files.writeString(Files.createDirectory(upper.resolve("srv")).resolve("mine"), "2");
    Files.writeString(upper.resolve("srv/new"), "new");
    Files.createFile(Files.createDirectory(upper.resolve("dev")).resolve("null"));
    Capture.Options options =
        new Capture.Options(Masks.NONE, Optional.of(Instant.EPOCH), Capture.Owners.CALLER);

    RootFs after = new Capture(images.store, options).overlay(base, upper);

    assertThat(images.paths(after))
        .containsExactly(
            "/dev/", "/dev/null c1:3", "/other = 1", "/srv/", "/srv/mine = 2", "/srv/new = new")
        .inOrder();
    assertThat(images.text(after)).contains("33:34 1970-01-01T00:00:00Z /srv/mine");
    assertThat(images.text(after)).contains("0:0 1970-01-01T00:00:00Z /srv/new");
  }

  @Test
  void overlay_nothingWritten_isTheBase() throws IOException {
    Images images = new Images();
    RootFs base = images.layers(List.of(file("etc/passwd", owned(0644, 0, 0, 1000), "root")));
    Path upper = Files.createDirectory(temporary.resolve("upper"));
    Files.createDirectory(upper.resolve("etc"));
    Files.createDirectory(upper.resolve("proc"));

    RootFs after =
        new Capture(
                images.store,
                new Capture.Options(Masks.RUN, Optional.of(Instant.EPOCH), Capture.Owners.CALLER))
            .overlay(base, upper);

    assertThat(images.text(after)).isEqualTo(images.text(base));
    assertThat(after).isEqualTo(base);
  }

  @Test
  void overlay_nameOfAHardLinkChanged_leavesTheOthersTogether() throws IOException {
    Images images = new Images();
    RootFs base = images.of(file("a", "1"), link("b", "a"), link("d/c", "a"));
    Path upper = Files.createDirectory(temporary.resolve("upper"));
    Files.writeString(upper.resolve("a"), "2");

    RootFs after =
        new Capture(
                images.store,
                new Capture.Options(Masks.NONE, Optional.of(Instant.EPOCH), Capture.Owners.CALLER))
            .overlay(base, upper);

    assertThat(images.paths(after))
        .containsExactly("/a = 2", "/b = 1", "/d/", "/d/c = 1")
        .inOrder();
    assertThat(images.text(after)).contains("/1 links 2 /b\n");
  }

  @Test
  void capture_whiteoutName_isRefused() throws IOException {
    Images images = new Images();
    Files.createFile(Files.createDirectory(temporary.resolve("d")).resolve(".wh.x"));

    LayerException e =
        assertThrows(
            LayerException.class,
            () -> new Capture(images.store, Images.EXACT).directory(temporary));

    assertThat(e).hasMessageThat().startsWith("/d/.wh.x: no layer can hold a name");
  }

  @Test
  void capture_deeperThanAnyImage_isRefused() throws IOException {
    Images images = new Images();
    Files.createDirectories(temporary.resolve("d/".repeat(EntryPath.MAX_NAMES + 1)));

    LayerException e =
        assertThrows(
            LayerException.class,
            () -> new Capture(images.store, Images.EXACT).directory(temporary));

    assertThat(e).hasMessageThat().startsWith("path of more than 512 names: d/d/d/");
  }

  @Test
  void overlay_withRedirect_isRefused() throws IOException {
    Peers.requireRoot();
    Images images = new Images();
    Path upper = Files.createDirectory(temporary.resolve("upper"));
    Path moved = Files.createDirectory(upper.resolve("moved"));
    setXattr(moved, "trusted.overlay.redirect", "old");

    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> new Capture(images.store, STEP).overlay(images.of(dir("old")), upper));

    assertThat(e).hasMessageThat().contains("redirect_dir");
  }

  @Test
  void capture_largeAndSmallFiles_comeBack() throws IOException {
    Images images = new Images();
    String large = "0123456789abcdef".repeat(100_000);
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    Files.writeString(tree.resolve("large"), large);
    Files.writeString(tree.resolve("small"), "small");
    Files.writeString(tree.resolve("same"), "small");

    RootFs captured = new Capture(images.store, Images.EXACT).directory(tree);

    assertThat(images.paths(captured))
        .containsExactly("/large = " + large, "/same = small", "/small = small")
        .inOrder();
    assertThat(captured.packs().getFirst().data().size()).isEqualTo(5);
  }

  @Test
  void materialize_thatFails_leavesAnEmptyDirectory() throws IOException {
    MemoryBlobStore store = new MemoryBlobStore();
    Images images = new Images(store);
    RootFs root = images.of(file("a/b", "1"), dir("locked", 0), file("locked/z", "2"));
    Path directory = temporary.resolve("root");
    store.remove(root.packs().getFirst().data());

    assertThrows(
        MissingBlobException.class,
        () -> new Materialize(store, Materialize.Owners.CALLER, 2).materialize(root, directory));

    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.toList()).isEmpty();
    }
  }

  /// A container may have made it.
  @Test
  void delete_treeDeeperThanAnyImage_leavesNothing() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("deep"));
    Path at = root;
    for (int depth = 0; depth < 700; depth++) {
      at = Files.createDirectory(at.resolve("d"));
    }

    DeleteTree.delete(root);

    assertThat(Files.exists(root)).isFalse();
  }

  @Test
  void delete_treeOfAnImage_leavesNothing() throws IOException {
    Images images = new Images();
    RootFs root =
        images.of(
            dir("locked", 0),
            file("locked/in/secret", 0, "x"),
            symlink("out", temporary.resolve("outside").toString()),
            new Entry.File(
                EntryPath.of(new byte[] {(byte) 0xff}), Attributes.of(0), Content.of("x")));
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.createFile(outside.resolve("keep"));
    Path directory = temporary.resolve("root");
    new Materialize(images.store, Materialize.Owners.CALLER, 2).materialize(root, directory);

    DeleteTree.delete(directory);
    DeleteTree.delete(directory);

    assertThat(Files.exists(directory)).isFalse();
    assertThat(Files.exists(outside.resolve("keep"))).isTrue();
  }

  @Test
  void spread_anyDirectory_doesNoHarm() throws IOException {
    Materialize.spread(temporary);
    Materialize.spread(temporary.resolve("absent"));
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Materialize.spread(jimfs.getPath("/work"));
    }
  }

  private static List<Entry> everything() {
    Attributes rich =
        Attributes.of(06711, 1234, 4321, Instant.parse("2001-02-03T04:05:06Z"))
            .withXattrs(
                Map.of(Bytes.utf8("user.note"), Bytes.of(new byte[] {0, (byte) 0xff, 'x'})));
    return List.of(
        file("usr/bin/tool", rich, "#!/bin/sh\n"),
        link("usr/bin/alias", "usr/bin/tool"),
        link("bin/alias", "usr/bin/tool"),
        file("empty", ""),
        symlink("dangling", "/no/where"),
        new Entry.Symlink(EntryPath.parse("owned"), owned(0777, 5, 6, 77), Bytes.utf8("x")),
        device("dev/null", 1, 3),
        fifo("run/pipe"),
        new Entry.Directory(EntryPath.parse("locked"), owned(0, 9, 9, -100)),
        file("locked/secret", 0, "s"),
        new Entry.File(
            EntryPath.of(new byte[] {'n', (byte) 0xff, (byte) 0xfe}),
            Attributes.of(0644),
            Content.of("raw name")));
  }

  /// The JDK sets attributes of users only.
  private static void setXattr(Path file, String name, String value) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Syscalls.lsetxattr(
          arena.allocateFrom(file.toString()),
          arena.allocateFrom(name),
          arena.allocateFrom(ValueLayout.JAVA_BYTE, value.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
