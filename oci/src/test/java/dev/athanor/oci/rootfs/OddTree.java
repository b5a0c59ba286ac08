package dev.athanor.oci.rootfs;

import static dev.athanor.oci.layer.Entries.device;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.fifo;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.path;
import static dev.athanor.oci.layer.Entries.symlink;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Content;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A tree with everything that is seldom: kinds, modes, names, times, attributes.
final class OddTree {
  private OddTree() {}

  /// Makes the directories `lower`, and `upper` as a layer above it has them.
  static void make(Path folder) throws IOException {
    Images images = new Images();
    new Materialize(images.store, Materialize.Owners.REAL, 1)
        .materialize(images.unsorted(entries()), folder.resolve("lower"));
    Path empty = Files.createFile(folder.resolve("lower/var/empty-xattr"));
    Files.getFileAttributeView(empty, UserDefinedFileAttributeView.class)
        .write("empty", ByteBuffer.allocate(0));
    Peers.runIn(
        folder,
        "sh",
        "-euc",
        """
        touch lower/usr/capable && setcap cap_net_raw=ep lower/usr/capable
        truncate -s 3M lower/usr/sparse && truncate -s 64k lower/usr/hole
        printf x | dd of=lower/usr/sparse bs=1 seek=1000000 conv=notrunc status=none
        mkdir -p upper/var/opaque upper/var/file upper/var/link upper/locked && cd upper/var
        : > .wh.gone && : > .wh.tree && : > .wh.absent && : > opaque/.wh..wh..opq
        echo new > opaque/new && echo below > file/below && echo file > directory
        mkdir way && : > way/.wh.kept
        mkfifo here && ln -s over pipe && : > ../locked/.wh.secret && chmod 0 ../locked
        """);
  }

  private static List<Entry> entries() {
    return List.of(
        device("dev/null", 1, 3),
        link("dev/null-too", "dev/null"),
        new Entry.Device(
            path("dev/disk"),
            owned(0640, 0, 6, 0),
            new DeviceNumber(DeviceNumber.Kind.BLOCK, 259, 70_000)),
        fifo("dev/pipe"),
        link("dev/pipe-too", "dev/pipe"),
        file("usr/suid", owned(04751, 1234, 5678, 1), "suid"),
        file("usr/sgid", owned(02755, 0, 5678, 1), "sgid"),
        dir("usr/shared", 02775),
        dir("tmp", 01777),
        file("owner", owned(0600, 4_000_000_000L, 3_000_000, 1), "x"),
        file("locked/secret", 0, "s"),
        file("locked/other", 0, "o"),
        dir("locked", 0),
        file("a", "a"),
        link("usr/a", "a"),
        symlink("soft", "a"),
        link("soft-too", "soft"),
        symlink("dangling", "/no/such/file"),
        symlink("long-target", "t/".repeat(120)),
        file("n".repeat(200) + "/" + "m".repeat(200) + "/" + "o".repeat(255), "long"),
        raw(new byte[] {'r', 'a', 'w', (byte) 0xff, (byte) 0xfe}),
        raw(new byte[] {'\n', ' ', '\\', 1}),
        file("nfc-\u00e9", "composed"),
        file("nfd-e\u0301", "decomposed"),
        file("\ud83d\ude00/\u00fc", "x"),
        file("times/zero", owned(0644, 0, 0, 0), "x"),
        file("times/before", owned(0644, 0, 0, -100), "x"),
        file("times/fraction", at("2017-07-14T02:40:00.123456789Z"), "x"),
        file("times/before-fraction", at("1969-12-31T23:58:19.75Z"), "x"),
        new Entry.Symlink(path("times/link"), at("2001-01-01T00:00:00.5Z"), Bytes.utf8("x")),
        file("xattrs/text", xattr("user.note", "text"), "x"),
        file("xattrs/binary", xattr("user.binary", "=\n\0\u00ff"), "x"),
        file("xattrs/trusted", xattr("trusted.note", "x"), "x"),
        new Entry.Directory(path("xattrs"), xattr("user.directory", "x")),
        file("var/gone", "x"),
        file("var/tree/a/b", "x"),
        file("var/opaque/old/x", "x"),
        file("var/directory/x", "x"),
        file("var/file", "x"),
        symlink("var/link", "file"),
        file("var/behind/kept", "x"),
        symlink("var/way", "behind"),
        dir("var/here"),
        fifo("var/pipe"));
  }

  private static Entry raw(byte[] name) {
    return new Entry.File(EntryPath.of(name), Attributes.of(0644), Content.of("raw"));
  }

  private static Attributes at(String time) {
    return Attributes.of(0644, 0, 0, Instant.parse(time));
  }

  private static Attributes xattr(String name, String value) {
    return Attributes.of(0755).withXattrs(Map.of(Bytes.utf8(name), Bytes.utf8(value)));
  }
}
