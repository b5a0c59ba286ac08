package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.fifo;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.opaque;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.symlink;
import static dev.athanor.oci.layer.Entries.whiteout;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.FileBlobStore;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerReader;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.LayerWriter;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Peers;
import dev.athanor.oci.layer.ReadLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our reading against the writing of other tools, and the other way round. Trees are compared as
/// listings: kind, mode, owner, time, extended attributes, links, content.
@Tag("peers")
class PeersTest {
  @TempDir Path temporary;
  private BlobStore store;
  private Images images;

  @BeforeEach
  void setUp() throws IOException {
    Peers.requireRoot();
    store = new FileBlobStore(Files.createDirectory(temporary.resolve("cas")));
    images = new Images(store);
  }

  @Test
  void umociUnpack_ofOurLayers_isOurUnpack() throws IOException {
    Peers.requireTools("umoci");
    List<Layer> layers = layers(Compression.GZIP, Compression.NONE);
    LayoutFolder.write(temporary.resolve("image"), store, layers);

    Peers.runIn(temporary, "umoci", "unpack", "--image", "image:t", "bundle");

    assertSame(captured("bundle/rootfs"), unpacked(layers));
  }

  /// But for the attributes of the directory behind the link: umoci leaves them, we take the new
  /// ones; here they are the same.
  @Test
  void umociRepack_unpackedByUs_isTheDirectory() throws IOException {
    Peers.requireTools("umoci", "cp", "sh");
    Layer layer = new LayerWriter(store, store::open, 2).write(odd(), Compression.GZIP);
    LayoutFolder.write(temporary.resolve("image"), store, List.of(layer));
    Peers.runIn(temporary, "umoci", "unpack", "--image", "image:t", "bundle");

    Peers.runIn(temporary.resolve("bundle/rootfs"), "sh", "-ec", CHANGES + WHOLE_SECONDS);
    Peers.runIn(temporary, "umoci", "repack", "--image", "image:t", "--refresh-bundle", "bundle");

    List<LayerRef> layers = LayoutFolder.read(temporary.resolve("image"), store);
    assertSame(new Unpack(store, Limits.DEFAULT, 2).unpack(layers), captured("bundle/rootfs"));
  }

  @Test
  void podmanMount_ofOurLayers_isOurUnpack() throws IOException {
    Peers.requireTools("podman");
    List<Layer> layers = layers(Compression.GZIP, Compression.ZSTD, Compression.NONE);
    LayoutFolder.write(temporary.resolve("image"), store, layers);
    try (Podman podman = new Podman()) {
      Path mounted = podman.mount(temporary);

      RootFs theirs = new Capture(store, Images.EXACT).directory(mounted);

      // Podman gives the time of now to the root and to what it had to make itself.
      assertThat(withoutRoot(images.text(theirs)))
          .isEqualTo(withoutRoot(images.text(unpacked(layers))));
    }
  }

  @Test
  void gnuTar_extractsOurLayer() throws IOException {
    Peers.requireTools("tar");
    RootFs root = images.layers(odd());
    Layer layer =
        new Repack(store, 2)
            .repack(images.layers(List.of()), root, Masks.NONE, Compression.GZIP)
            .orElseThrow();
    Path blob = temporary.resolve("cas").resolve(layer.digest().hex());
    Files.createDirectory(temporary.resolve("out"));

    String output =
        Peers.runIn(
            temporary,
            "tar",
            "--xattrs",
            "--xattrs-include=*",
            "--numeric-owner",
            "-xzpf",
            blob.toString(),
            "-C",
            "out");

    assertThat(output).isEmpty();
    assertThat(withoutRoot(images.text(captured("out")))).isEqualTo(withoutRoot(images.text(root)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "ustar", "oldgnu", "gnu", "posix"})
  void gnuTar_writesWhatWeRead(String format) throws IOException {
    Peers.requireTools("tar");
    RootFs root = images.layers(format.equals("v7") || format.equals("ustar") ? plain() : odd());
    new Materialize(store, Materialize.Owners.REAL, 2).materialize(root, temporary.resolve("tree"));
    List<String> command = new ArrayList<>(List.of("tar", "-cf", "out.tar", "--format=" + format));
    if (format.equals("posix")) {
      command.addAll(List.of("--xattrs", "--xattrs-include=*"));
    }
    command.addAll(List.of("--numeric-owner", "-C", "tree", "."));

    Peers.runIn(temporary, command.toArray(String[]::new));

    boolean xattrs = !format.equals("posix");
    assertThat(comparable(images.text(applied("out.tar")), xattrs))
        .isEqualTo(comparable(images.text(root), xattrs));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"oldgnu", "posix --sparse-version=0.0", "posix --sparse-version=0.1", "posix"})
  void gnuTar_writesSparseFilesThatWeRead(String format) throws IOException {
    Peers.requireTools("tar", "sh");
    Files.createDirectory(temporary.resolve("tree"));
    Peers.runIn(
        temporary.resolve("tree"),
        "sh",
        "-ec",
        """
        truncate -s 3M holes; for i in $(seq 1 40); do
          printf x$i | dd of=holes bs=1 seek=$((i * 50000)) conv=notrunc status=none; done
        truncate -s 1M empty
        touch -d @1600000000 . *
        """);

    Peers.runIn(
        temporary, "sh", "-ec", "tar --sparse --format=" + format + " -cf out.tar -C tree .");

    assertThat(Files.size(temporary.resolve("out.tar"))).isLessThan(1_000_000L);
    assertSame(applied("out.tar"), captured("tree"));
  }

  @Test
  void overlay_realChanges_areCapturedAsTheMergedView() throws IOException {
    Peers.requireTools("mount", "umount", "sh");
    RootFs base = images.layers(odd());
    Path lower = temporary.resolve("lower");
    new Materialize(store, Materialize.Owners.REAL, 2).materialize(base, lower);
    for (String name : List.of("upper", "work", "merged")) {
      Files.createDirectory(temporary.resolve(name));
    }
    String options =
        "lowerdir=%s,upperdir=%s,workdir=%s,redirect_dir=off,metacopy=off"
            .formatted(lower, temporary.resolve("upper"), temporary.resolve("work"));
    Peers.run(
        "mount", "-t", "overlay", "-o", options, "overlay", temporary.resolve("merged").toString());
    RootFs merged;
    try {
      Peers.runIn(temporary.resolve("merged"), "sh", "-ec", CHANGES);
      merged = captured("merged");
    } finally {
      Peers.run("umount", temporary.resolve("merged").toString());
    }

    RootFs after = new Capture(store, Images.EXACT).overlay(base, temporary.resolve("upper"));

    assertSame(after, merged);
    assertThat(after.listing()).isEqualTo(merged.listing());
  }

  /// What a step may do to the tree of [#odd].
  private static final String CHANGES =
      """
      echo more >> etc/passwd
      rm -r usr/share/doc
      rm etc/gone; mkdir etc/gone; echo x > etc/gone/x
      rm -r etc/conf.d; echo file > etc/conf.d
      rm -r var/cache; mkdir -p var/cache/new; chmod 1777 var/cache
      chmod 4700 usr/bin/tool
      chown 7:8 usr/bin/other
      ln usr/bin/other usr/bin/third
      ln -s /x etc/link; mkfifo run/fifo; mknod dev/disk b 8 1
      mv etc/moved etc/here
      touch -d '2011-01-01 00:00:00.25' etc/time
      : > "$(printf 'etc/\\303\\244\\377')"
      """;

  /// Umoci rounds what it writes down.
  private static final String WHOLE_SECONDS =
      "find . -depth -newermt 2010-06-06 -exec touch -h -d @1600000000 {} +";

  private List<Layer> layers(Compression... compressions) throws IOException {
    List<List<Entry>> contents = List.of(odd(), changes(), List.of(file("last", "x"), dir("etc")));
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      layers.add(
          new LayerWriter(store, store::open, 2)
              .write(contents.get(i), compressions[i % compressions.length]));
    }
    return layers;
  }

  private static List<Entry> odd() {
    List<Entry> entries = new ArrayList<>(plain());
    Attributes rich =
        Attributes.of(0755, 3, 4, Instant.ofEpochSecond(1_500_000_000))
            .withXattrs(
                Map.of(
                    Bytes.utf8("user.note"),
                    Bytes.of(new byte[] {'=', '\n', 0, (byte) 0xff}),
                    Bytes.utf8("security.capability"),
                    Bytes.of(
                        new byte[] {0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
    entries.add(file("usr/bin/capable", rich, "#!"));
    entries.add(file("n".repeat(99) + "/" + "m".repeat(140), "long"));
    entries.add(symlink("s", "t/".repeat(120)));
    entries.add(dir("d/".repeat(150)));
    return entries;
  }

  /// What even the tar of 1979 can hold, and a few bytes more.
  private static List<Entry> plain() {
    return List.of(
        new Entry.Directory(EntryPath.ROOT, owned(0755, 0, 0, 1000)),
        dir("var/cache", 0700),
        file("var/cache/old/x", "x"),
        file("etc/passwd", "root:x:0:0\n"),
        file("etc/gone", "x"),
        file("etc/conf.d/x", "x"),
        file("etc/moved", owned(0600, 1000, 1000, 77), "x"),
        file("usr/share/doc/a/b", "x"),
        file("usr/bin/tool", owned(04755, 0, 0, 1_400_000_000), "tool"),
        link("usr/bin/alias", "usr/bin/tool"),
        file("usr/bin/other", 0711, "other"),
        symlink("bin", "usr/bin"),
        symlink("dangling", "/nowhere/at/all"),
        file("empty", 0, ""),
        dir("tmp", 01777),
        dir("run"),
        dir("dev"),
        new Entry.File(
            EntryPath.of(new byte[] {'r', 'a', 'w', (byte) 0xff, (byte) 0xfe}),
            Attributes.of(0644),
            Content.of("raw")));
  }

  private static List<Entry> changes() {
    return List.of(
        whiteout("usr/share/doc"),
        whiteout("absent"),
        opaque("var/cache"),
        file("var/cache/new", "x"),
        file("etc/gone/now/a/directory", "x"),
        symlink("etc/conf.d", "passwd"),
        file("usr/bin/alias", "no link any more"),
        device("dev/null", 1, 3),
        fifo("run/pipe"),
        file("\u00fcnic\u00f6de/\ud83d\ude00", "x"),
        file("dangling", "now a file"));
  }

  private RootFs unpacked(List<Layer> layers) throws IOException {
    List<LayerRef> refs =
        layers.stream().map(l -> new LayerRef(l.digest(), l.diffId().hash())).toList();
    return new Unpack(store, Limits.DEFAULT, 2).unpack(refs);
  }

  private RootFs applied(String tar) throws IOException {
    Digest blob = store.put(Files.readAllBytes(temporary.resolve(tar)));
    ReadLayer layer = new LayerReader(store, Limits.DEFAULT).read(blob, tar);
    assertThat(layer.remarks()).isEmpty();
    return new Unpack(store, Limits.DEFAULT, 1).apply(images.layers(List.of()), List.of(layer));
  }

  private RootFs captured(String directory) throws IOException {
    return new Capture(store, Images.EXACT).directory(temporary.resolve(directory));
  }

  private void assertSame(RootFs actual, RootFs expected) throws IOException {
    assertWithMessage("listing").that(images.text(actual)).isEqualTo(images.text(expected));
  }

  private static String withoutRoot(String text) {
    return text.substring(text.indexOf('\n') + 1);
  }

  /// What the older formats keep: no extended attributes, which stand between braces.
  private static String comparable(String text, boolean withoutXattrs) {
    return withoutXattrs ? text.replaceAll(" \\{[^\n]*\\} /", " /") : text;
  }
}
