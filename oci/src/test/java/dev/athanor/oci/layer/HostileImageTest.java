package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.oci.layer.TarBuilder.put;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.oci.rootfs.Capture;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.ListingText;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Materialize;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.rootfs.Unpack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Images that want out: each is unpacked inside its directory or refused in words, and beside that
/// directory nothing changes.
class HostileImageTest {
  private static final Limits SMALL = new Limits(1 << 20, 1 << 18, 100, 200, 1 << 14);

  /// Where the image lies go to: `box/root` is the image's, everything else is not.
  @TempDir static Path place;

  private final MemoryBlobStore store = new MemoryBlobStore();

  /// An image, and what is to become of it: the message of the refusal, or a line of the listing
  /// from its path on.
  record Lie(String name, String outcome, List<byte[]> layers) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Packing {
    TarBuilder pack(TarBuilder tar);
  }

  static Stream<Lie> lies() throws IOException {
    return Stream.of(names(), symlinks(), hardLinks(), whiteouts(), oddities(), bombs())
        .flatMap(List::stream);
  }

  private static List<Lie> names() {
    return List.of(
        lie("absolute name", "/etc/new ", t -> t.file("/etc/new", "x")),
        lie("name with ..", "/up ", t -> t.file("../../../../../../up", "x")),
        lie("name with .. inside", "/a/up ", t -> t.file("a/b/../../../a/up", "x")),
        lie("name of ..", "must be a directory", t -> t.file("a/..", "x")),
        lie("PAX name with ..", "/p ", t -> t.pax("path", "../../p").file("f", "x")),
        lie("long GNU name with ..", "/g ", t -> t.extension('L', "../../g\0").file("f", "x")),
        lie(
            "name too long",
            "longer than 255 bytes",
            t -> t.pax("path", "n".repeat(256)).file("f", "")),
        lie(
            "path too long",
            "path longer than 4095 bytes",
            t -> t.pax("path", "nnnnnnnnnnnnnnnnn/".repeat(230)).file("f", "")),
        lie(
            "path too deep",
            "path of more than 512 names",
            t -> t.pax("path", "d/".repeat(513)).file("f", "")),
        lie(
            "path as deep as may be",
            "/d/d ",
            t -> t.pax("path", "d/".repeat(511) + "d").file("f", "")),
        lie(
            "path too deep behind a symlink",
            "path of more than 512 names",
            t ->
                t.pax("path", "d/".repeat(400) + "d")
                    .member('5', "d", "")
                    .pax("linkpath", "d/".repeat(400))
                    .link('2', "s", "d")
                    .pax("path", "s/" + "e/".repeat(200) + "f")
                    .file("f", "")),
        lie("name of NUL", "NUL", t -> t.pax("path", "a\0b").file("f", "")));
  }

  private static List<Lie> symlinks() {
    return List.of(
        lie(
            "absolute symlink",
            outside() + "/x ",
            t -> t.link('2', "s", outside()).file("s/x", "x")),
        lie(
            "relative symlink",
            "/outside/x ",
            t -> t.link('2', "s", "../../outside").file("s/x", "x")),
        lie(
            "symlink to symlink",
            "/outside/x ",
            t -> t.link('2', "a", "b").link('2', "b", "/../outside").file("a/x", "x")),
        lie("symlink to the root above", "/x ", t -> t.link('2', "a", "../../..").file("a/x", "x")),
        lie(
            "symlinks in a circle",
            "entry '/a/x': symbolic links in a circle",
            t -> t.link('2', "a", "b").link('2', "b", "a").file("a/x", "x")),
        lie(
            "symlink to itself",
            "entry '/a/x': symbolic links in a circle",
            t -> t.link('2', "a", "./a").file("a/x", "x")),
        lie("file over a symlink", "/s ", t -> t.link('2', "s", canary()).file("s", "x")),
        lie(
            "directory over a symlink",
            "d0777 0:0 1970-01-01T00:00:00Z /s",
            t -> t.link('2', "s", outside()).member('5', "s/", "", b -> put(b, 100, "0000777\0"))),
        lie(
            "file over a symlink of a lower layer",
            "/s/x ",
            t -> t.link('2', "s", outside()),
            t -> t.member('5', "s", "").file("s/x", "x")),
        lie(
            "file through a symlink of a lower layer",
            outside() + "/canary ",
            t -> t.link('2', "s", outside()),
            t -> t.file("s/canary", "x")),
        lie("root that is a symlink", "must be a directory", t -> t.link('2', "./", outside())));
  }

  private static List<Lie> hardLinks() {
    return List.of(
        lie(
            "hard link out",
            "hard link to /outside/canary, which is not there",
            t -> t.link('1', "h", "../../outside/canary")),
        lie(
            "absolute hard link out",
            "canary, which is not there",
            t -> t.link('1', "h", canary())),
        lie(
            "hard link through a symlink",
            "hard link to /s/canary, which is not there",
            t -> t.link('2', "s", outside()).link('1', "h", "s/canary")),
        lie(
            "write through a linked symlink",
            "/h ",
            t -> t.link('2', "s", canary()).link('1', "h", "s").file("h", "x")),
        lie(
            "hard link to the root",
            "the root can only be a directory",
            t -> t.link('1', "h", "/")),
        lie("hard link to itself", "not there", t -> t.link('1', "h", "h")),
        lie(
            "hard link to a directory",
            "hard link to the directory /d",
            t -> t.member('5', "d", "").link('1', "h", "d")));
  }

  private static List<Lie> whiteouts() {
    byte[] lower = tar(t -> t.link('2', "s", outside()).link('2', "l", "l").file("a/b", "x"));
    return List.of(
        on(lower, "whiteout through a symlink", "/a/b ", t -> t.file("s/.wh.canary", "")),
        on(lower, "opaque through a symlink", "/a/b ", t -> t.file("s/.wh..wh..opq", "")),
        on(
            lower,
            "whiteout in a circle",
            "entry '/l/x': symbolic links",
            t -> t.file("l/.wh.x", "")),
        on(lower, "whiteout above the root", "/a/b ", t -> t.file("../../outside/.wh.canary", "")),
        on(lower, "opaque root", "/new ", t -> t.file(".wh..wh..opq", "").file("new", "")),
        on(
            lower,
            "whiteout of nothing",
            "entry '.wh.': not a file name, empty",
            t -> t.file(".wh.", "")),
        on(lower, "whiteout of .", "entry 'a/.wh..': not a file name", t -> t.file("a/.wh..", "")),
        on(
            lower,
            "whiteout of ..",
            "entry 'a/.wh...': not a file name",
            t -> t.file("a/.wh...", "")),
        on(lower, "whiteout of a whiteout", "/a/b ", t -> t.file("a/.wh..wh.b", "")),
        on(lower, "whiteout as a link", "/s ", t -> t.link('1', ".wh.a", "s")),
        on(
            lower,
            "whiteout as a directory",
            "a whiteout cannot be a directory",
            t -> t.file(".wh.a/b", "")));
  }

  private static List<Lie> oddities() {
    return List.of(
        lie("file below a file", "/a/b ", t -> t.file("a", "x").file("a/b", "x")),
        lie(
            "file instead of a device",
            "/h ",
            t -> device(t, "d", "0000010", "0000000").link('1', "h", "d").file("h", "x")),
        lie("file instead of a pipe", "/p ", t -> t.member('6', "p", "").file("p", "x")),
        lie(
            "file through a device",
            "/d/x ",
            t -> device(t, "d", "0000001", "0000003").file("d/x", "x")),
        lie("huge device", "/d", t -> device(t, "d", "7777777", "7777777")),
        lie(
            "attribute without a name",
            "no tar can hold the attribute name",
            t -> t.pax("SCHILY.xattr.", "x").file("f", "")),
        lie(
            "marks of overlays",
            "/f ",
            t -> t.pax("SCHILY.xattr.trusted.overlay.redirect", "/").file("f", "")),
        lie("owner of nobody", "not a uid", t -> t.pax("uid", "4294967295").file("f", "")),
        lie("unknown type", "'f': a tar member of the unknown type", t -> t.member('Z', "f", "")));
  }

  private static List<Lie> bombs() throws IOException {
    byte[] zeros = tar(t -> t.file("zeros", "\0".repeat(900_000)));
    byte[] small = tar(t -> t.file("small", "xyz".repeat(1000)));
    byte[] gzip = LayerReaderTest.gzip(small);
    byte[] zstd = Zstd.compress(small);
    String sparse = "0," + "0,0,".repeat(900) + "0";
    return List.of(
        new Lie("gzip bomb", "expands to more than", List.of(LayerReaderTest.gzip(zeros))),
        new Lie("zstd bomb", "expands to more than", List.of(Zstd.compress(zeros))),
        lie(
            "sparse bomb",
            "a sparse file of 9000000000 bytes",
            t -> t.pax("GNU.sparse.size", "9000000000", "GNU.sparse.map", "0,0").file("f", "")),
        lie("sparse map bomb", "sparse", t -> t.pax("GNU.sparse.map", sparse).file("f", "")),
        lie(
            "member of all bytes",
            "a member of",
            t -> t.member('0', "f", "", b -> put(b, 124, "77777777777\0"))),
        lie(
            "headers without end",
            "more than 200 headers",
            t -> {
              for (int i = 0; i < 300; i++) {
                t.member('3', "d" + i, "");
              }
              return t;
            }),
        new Lie("cut gzip", "gzip ends early", List.of(Arrays.copyOf(gzip, gzip.length / 2))),
        new Lie("cut zstd", "damaged zstd", List.of(Arrays.copyOf(zstd, zstd.length - 4))),
        new Lie("padded zstd", "damaged zstd", List.of(Arrays.copyOf(zstd, zstd.length + 4))),
        new Lie(
            "no tar",
            "a header whose checksum is not a number",
            List.of("<html>".repeat(200).getBytes(US_ASCII))));
  }

  @BeforeAll
  static void makeCanaries() throws IOException {
    Files.createDirectories(place.resolve("box/root"));
    Files.createDirectories(place.resolve("outside/directory"));
    for (String file : List.of("box/canary", "outside/canary", "outside/directory/canary")) {
      Files.writeString(place.resolve(file), "alive");
    }
  }

  @ParameterizedTest
  @MethodSource("lies")
  void image_thatLies_changesNothingOutside(Lie lie) throws IOException {
    String before = outsideText();
    for (Materialize.Owners owners : Materialize.Owners.values()) {
      if (owners == Materialize.Owners.REAL && !System.getProperty("user.name").equals("root")) {
        continue;
      }

      assertThat(becomes(lie, owners)).contains(lie.outcome);

      assertThat(outsideText()).isEqualTo(before);
    }
  }

  /// The listing of what is on disk, or why there is nothing.
  private String becomes(Lie lie, Materialize.Owners owners) throws IOException {
    Path directory = place.resolve("box/root/image");
    try {
      RootFs root = unpacked(lie.layers);
      List<String> notes = new Materialize(store, owners, 2).materialize(root, directory);
      String text = text(root);
      if (owners == Materialize.Owners.REAL && notes.isEmpty()) {
        Capture capture =
            new Capture(
                store, new Capture.Options(Masks.NONE, Optional.empty(), Capture.Owners.REAL));
        // Linux has one mode for all symlinks.
        assertThat(text(capture.directory(directory)))
            .isEqualTo(text.replaceAll("(?m)^l\\d+ ", "l0777 "));
      }
      return text;
    } catch (UserException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      // What only the kernel knows is not possible.
      assertThat(e).hasMessageThat().startsWith("/");
      return String.valueOf(e.getMessage());
    } finally {
      DeleteTree.delete(directory);
    }
  }

  private RootFs unpacked(List<byte[]> layers) throws IOException {
    Unpack unpack = new Unpack(store, SMALL, 1);
    List<ReadLayer> read = new ArrayList<>();
    for (byte[] layer : layers) {
      read.add(new LayerReader(store, SMALL).read(store.put(layer), "test"));
    }
    return unpack.apply(unpack.unpack(List.of()), read);
  }

  /// Everything but what is below `box/root`.
  private String outsideText() throws IOException {
    Masks masks = Masks.parse(List.of("/box/root"));
    Capture.Options options = new Capture.Options(masks, Optional.empty(), Capture.Owners.REAL);
    return text(new Capture(store, options).directory(place));
  }

  private String text(RootFs root) throws IOException {
    return ListingText.of(root, store);
  }

  private static String outside() {
    return place.resolve("outside").toString();
  }

  private static String canary() {
    return place.resolve("outside/canary").toString();
  }

  private static Lie lie(String name, String outcome, Packing... layers) {
    return new Lie(name, outcome, Stream.of(layers).map(HostileImageTest::tar).toList());
  }

  private static Lie on(byte[] lower, String name, String outcome, Packing layer) {
    return new Lie(name, outcome, List.of(lower, tar(layer)));
  }

  private static byte[] tar(Packing packing) {
    return packing.pack(new TarBuilder()).end();
  }

  private static TarBuilder device(TarBuilder tar, String name, String major, String minor) {
    return tar.member(
        '4',
        name,
        "",
        block -> {
          put(block, 329, major + "\0");
          put(block, 337, minor + "\0");
        });
  }
}
