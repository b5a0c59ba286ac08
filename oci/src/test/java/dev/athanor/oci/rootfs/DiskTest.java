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
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.FileBlobStore;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @TempDir Path temporary;

  @Test
  void materialize_thenCapture_isTheSame_asRoot() throws IOException {
    Peers.requireRoot();
    Images images = new Images(new FileBlobStore(Files.createDirectory(temporary.resolve("cas"))));
    RootFs root = images.layers(everything());

    List<String> notes =
        new Materialize(images.store, Materialize.Owners.REAL, 2)
            .materialize(root, temporary.resolve("root"));
    RootFs captured =
        new Capture(images.store, Capture.Options.EXACT).directory(temporary.resolve("root"));

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
    Peers.run(
        "python3",
        "-c",
        "import os,sys; os.setxattr(sys.argv[1],'trusted.overlay.opaque',b'y')",
        opaque.toString());
    Files.writeString(opaque.resolve("upper"), "2");
    Files.writeString(Files.createDirectory(upper.resolve("tmp")).resolve("scratch"), "no");
    Files.writeString(upper.resolve("same"), "same");
    Files.setLastModifiedTime(
        upper.resolve("same"), java.nio.file.attribute.FileTime.fromMillis(1000_000));

    RootFs after = new Capture(images.store, Capture.Options.STEP).overlay(base, upper);

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
}
