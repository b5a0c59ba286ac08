package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.Entries.dir;
import static dev.athanor.oci.layer.Entries.file;
import static dev.athanor.oci.layer.Entries.link;
import static dev.athanor.oci.layer.Entries.owned;
import static dev.athanor.oci.layer.Entries.symlink;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.layer.Entry;
import dev.athanor.oci.layer.Layer;
import dev.athanor.oci.layer.LayerRef;
import dev.athanor.oci.layer.Limits;
import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What somebody does to an unpacked directory comes back as a layer, and the layer does it again.
class ChangesTest {
  @TempDir Path temporary;
  private final Images images = new Images();
  private int directories;

  private interface Change {
    void on(Path root) throws IOException;
  }

  @Test
  void nothing_isNoLayer() throws IOException {
    RootFs base = images.of(file("a/b", "1"), link("c", "a/b"), dir("locked", 0));

    assertThat(layer(base, changed(base, _ -> {}))).isEmpty();
  }

  @Test
  void materialize_twice_givesTheSameTree() throws IOException {
    RootFs base = images.of(file("a/b", "1"), link("c", "a/b"), symlink("s", "a"), dir("d", 0));

    RootFs one = changed(base, _ -> {});
    RootFs two = changed(base, _ -> {});

    assertThat(images.text(one)).isEqualTo(images.text(base));
    assertThat(two.listing()).isEqualTo(one.listing());
  }

  @Test
  void addedFileDirectorySymlink_areInTheLayer() throws IOException {
    RootFs base = images.of(file("etc/old", "1"));

    RootFs changed =
        changed(
            base,
            root -> {
              Files.writeString(root.resolve("etc/file"), "new");
              Files.createDirectories(root.resolve("srv/a/b"));
              Files.createSymbolicLink(root.resolve("srv/link"), Path.of("../etc/none"));
            });

    assertThat(shown(layer(base, changed)))
        .containsExactly(
            "Directory /etc",
            "File /etc/file",
            "Directory /srv",
            "Directory /srv/a",
            "Directory /srv/a/b",
            "Symlink /srv/link")
        .inOrder();
    assertApplies(base, changed);
  }

  @Test
  void hardLinks_alsoToSymlinks_stayTogether() throws IOException {
    RootFs base = images.of(file("a", "1"), symlink("s", "a"));

    RootFs changed =
        changed(
            base,
            root -> {
              Files.createLink(root.resolve("a-too"), root.resolve("a"));
              Files.createLink(root.resolve("s-too"), root.resolve("s"));
            });

    assertThat(shown(layer(base, changed)))
        .containsExactly("File /a", "HardLink /a-too", "Symlink /s", "HardLink /s-too")
        .inOrder();
    assertThat(images.text(changed)).contains("/s-too -> a links 2 /s");
    assertApplies(base, changed);
  }

  @Test
  void everyKindForEveryOther_replaces() throws IOException {
    Entry[] kinds = {file("x", "1"), dir("x"), file("x/below", "1"), symlink("x", "y")};
    for (Entry before : kinds) {
      for (Entry after : kinds) {
        RootFs base = images.of(before, file("y", "1"));
        RootFs changed = images.of(after, file("y", "1"));

        assertApplies(base, changed);
      }
    }
  }

  @Test
  void directoryThatNobodyMayEnter_isCapturedWithWhatIsInIt() throws IOException {
    RootFs base = images.of(dir("locked", 0), file("locked/secret", 0, "1"), file("a", "1"));

    RootFs changed =
        changed(
            base,
            root -> {
              Files.createDirectory(root.resolve("more"));
              Files.writeString(root.resolve("more/secret"), "2");
              permissions(root.resolve("more/secret"), "---------");
              permissions(root.resolve("more"), "---------");
            });

    assertThat(shown(layer(base, changed)))
        .containsExactly("Directory /more", "File /more/secret")
        .inOrder();
    assertThat(images.text(changed)).contains("d0000 0:0 1970-01-01T00:00:00Z /locked\n");
    assertThat(images.text(changed)).contains("d0000 0:0 1970-01-01T00:00:00Z /more\n");
    assertApplies(base, changed);
  }

  @Test
  void xattrs_addedChangedTakenAway_areInTheLayer() throws IOException {
    requireXattrs();
    Entry[] files =
        List.of("add", "change", "clear", "empty", "forbidden", "take").stream()
            .map(name -> file(name, xattr("user.x", "1"), "f"))
            .toArray(Entry[]::new);
    RootFs base = images.of(files);

    RootFs changed =
        changed(
            base,
            root -> {
              xattrs(root.resolve("add")).write("y", bytes("2"));
              xattrs(root.resolve("change")).write("x", bytes("2\0="));
              xattrs(root.resolve("clear")).write("x", bytes(""));
              xattrs(root.resolve("empty")).write("y", bytes(""));
              xattrs(root.resolve("forbidden")).write("overlay.opaque", bytes("y"));
              xattrs(root.resolve("forbidden")).write("rootlesscontainers", bytes("y"));
              xattrs(root.resolve("take")).delete("x");
            });

    assertThat(shown(layer(base, changed)))
        .containsExactly("File /add", "File /change", "File /clear", "File /take")
        .inOrder();
    assertThat(images.text(changed)).contains("{user.x=1, user.y=2} /add");
    assertThat(images.text(changed)).contains("{user.x=2\\x00=} /change");
    assertThat(images.text(changed)).contains("{user.x=1} /forbidden");
    assertApplies(base, changed);
  }

  @Test
  void names_areBytes() throws IOException {
    RootFs base = images.of(file("nfc-\u00e9", "1"), file("nfd-e\u0301", "1"));
    RootFs changed =
        images.of(
            file("nfc-e\u0301", "1"), file("nfd-e\u0301", "2"), file("\ud83d\ude00/\u00fc", "1"));

    assertThat(shown(layer(base, changed)))
        .containsExactly(
            "Whiteout /nfc-\u00e9",
            "File /nfc-e\u0301",
            "File /nfd-e\u0301",
            "Directory /\ud83d\ude00",
            "File /\ud83d\ude00/\u00fc")
        .inOrder();
    assertApplies(base, changed);
  }

  @Test
  void volumes_areMaskedWithAllThatIsInThem() throws IOException {
    RootFs base = images.of(file("var/data/old", "1"), file("var/kept", "1"));
    Masks volumes = Masks.parse(List.of("/var/data", "/srv/"));

    RootFs changed =
        changed(
            base,
            root -> {
              Files.delete(root.resolve("var/data/old"));
              Files.createDirectories(root.resolve("var/data/new/deep"));
              Files.createDirectories(root.resolve("srv/new"));
              Files.writeString(root.resolve("var/kept"), "2");
            });
    Optional<Layer> layer =
        new Repack(images.store, 1).repack(base, changed, volumes, Compression.NONE);

    assertThat(shown(layer)).containsExactly("Directory /var", "File /var/kept").inOrder();
  }

  @Test
  void stepAfterStep_givesALayerEach() throws IOException {
    RootFs base = images.of(file("a", "1"), file("b", "1"));
    RootFs first = changed(base, root -> Files.writeString(root.resolve("a"), "2"));
    RootFs second = changed(first, root -> Files.delete(root.resolve("b")));
    RootFs third = changed(second, _ -> {});

    Layer one = layer(base, first).orElseThrow();
    Layer two = layer(first, second).orElseThrow();

    assertThat(shown(Optional.of(one))).containsExactly("File /a");
    assertThat(shown(Optional.of(two))).containsExactly("Whiteout /b");
    assertThat(layer(second, third)).isEmpty();
    assertThat(applied(base, one, two).listing()).isEqualTo(third.listing());
  }

  @ParameterizedTest
  @EnumSource
  void anyCompression_isTheSameChange(Compression compression) throws IOException {
    RootFs base = images.of(file("a", "1"), file("b", "1"));
    RootFs changed = images.of(file("a", "2".repeat(100_000)), dir("c", 01777));

    Layer layer =
        new Repack(images.store, 2).repack(base, changed, Masks.NONE, compression).orElseThrow();

    assertThat(layer.compression()).isEqualTo(compression);
    assertThat(applied(base, layer).listing()).isEqualTo(changed.listing());
  }

  /// A pack of one file is that file, and so it is in the store when it is captured again.
  @Test
  void capturedTwice_isTheSameValue() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("one"));
    Files.writeString(root.resolve("a"), "all there is");
    Capture capture = new Capture(images.store, Images.EXACT);

    RootFs first = capture.directory(root);

    assertThat(capture.directory(root)).isEqualTo(first);
  }

  @Test
  void owners_areInTheLayer() throws IOException {
    Peers.requireRoot();
    RootFs base = images.of(file("a", owned(04755, 0, 0, 0), "1"), file("b", "1"));
    Path root = temporary.resolve("root");
    new Materialize(images.store, Materialize.Owners.REAL, 1).materialize(base, root);

    Peers.runIn(root, "chown", "4000000000:70000", "a");
    RootFs changed = new Capture(images.store, Images.EXACT).directory(root);

    assertThat(shown(layer(base, changed))).containsExactly("File /a");
    assertThat(images.text(changed)).contains("-0755 4000000000:70000 ");
    assertApplies(base, changed);
  }

  private static Attributes xattr(String name, String value) {
    return Attributes.of(0644).withXattrs(Map.of(Bytes.utf8(name), Bytes.utf8(value)));
  }

  private static UserDefinedFileAttributeView xattrs(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private void requireXattrs() throws IOException {
    Assumptions.assumeTrue(
        Files.getFileStore(temporary).supportsFileAttributeView("user"),
        "the temporary directory keeps no extended attributes");
  }

  private static void permissions(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /// What `base` on disk is after `change`.
  private RootFs changed(RootFs base, Change change) throws IOException {
    Path root = temporary.resolve("root" + directories++);
    new Materialize(images.store, Materialize.Owners.CALLER, 1).materialize(base, root);
    change.on(root);
    Capture.Options options =
        new Capture.Options(Masks.NONE, Optional.of(Instant.EPOCH), Capture.Owners.CALLER);
    return new Capture(images.store, options).directory(root);
  }

  private Optional<Layer> layer(RootFs from, RootFs to) throws IOException {
    return new Repack(images.store, 1).repack(from, to, Masks.NONE, Compression.GZIP);
  }

  private void assertApplies(RootFs from, RootFs to) throws IOException {
    Optional<Layer> layer = layer(from, to);
    RootFs applied = layer.isEmpty() ? from : applied(from, layer.get());
    assertThat(images.text(applied)).isEqualTo(images.text(to));
  }

  private RootFs applied(RootFs base, Layer... layers) throws IOException {
    List<LayerRef> refs =
        List.of(layers).stream()
            .map(layer -> new LayerRef(layer.digest(), layer.diffId().hash()))
            .toList();
    return new Unpack(images.store, Limits.DEFAULT, 1).unpack(base, refs);
  }

  private static List<String> shown(Optional<Layer> layer) {
    return layer.orElseThrow().entries().stream()
        .map(entry -> entry.getClass().getSimpleName() + " " + entry.path())
        .toList();
  }
}
