package dev.athanor.oci.rootfs;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.Pack;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeTest {
  @Test
  void encode_isTheDocumentedForm() {
    Directory directory = directory(Map.of("f", new Node.Fifo(Attributes.of(0600), Links.SINGLE)));

    assertThat(HexFormat.of().formatHex(NodeEncoder.encode(directory)))
        .isEqualTo(
            "01" // version
                + "ed03"
                + "00"
                + "00"
                + "00"
                + "00"
                + "00" // 0755, 0:0, epoch, no xattrs
                + "01" // one child
                + "0166"
                + "06" // "f", a FIFO
                + "8003"
                + "00"
                + "00"
                + "00"
                + "00"
                + "00"
                + "01"); // 0600 ..., one name
  }

  @Test
  void decode_whatWasEncoded_isTheSame() throws IOException {
    Directory directory = everything();

    assertThat(NodeDecoder.decode(NodeEncoder.encode(directory))).isEqualTo(directory);
  }

  @Test
  void decode_anythingElse_isRefused() {
    byte[] good = NodeEncoder.encode(everything());

    for (int length = 0; length < good.length; length++) {
      byte[] start = Arrays.copyOf(good, length);
      assertThrows(IOException.class, () -> NodeDecoder.decode(start));
    }
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    assertThrows(IOException.class, () -> NodeDecoder.decode(longer));
  }

  /// Damage either shows, or gives another node that has just these bytes: no two forms of one.
  @Test
  void decode_damagedNode_isRefusedOrCanonical() {
    byte[] good = NodeEncoder.encode(everything());
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      try {
        assertThat(NodeEncoder.encode(NodeDecoder.decode(bad))).isEqualTo(bad);
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void rootFs_encodesAndParses() {
    Digest a = Digester.digest(new byte[] {1});
    RootFs root = new RootFs(a, List.of(new Pack(Digest.EMPTY, a), new Pack(a, Digest.EMPTY)));

    assertThat(RootFs.parse(root.encode())).isEqualTo(root);
    assertThrows(IllegalArgumentException.class, () -> RootFs.parse(new byte[0]));
    assertThrows(
        IllegalArgumentException.class,
        () -> RootFs.parse(Arrays.copyOf(root.encode(), root.encode().length - 3)));
  }

  private static Directory everything() {
    Attributes rich =
        Attributes.of(04755, 70_000, Attributes.MAX_ID, Instant.ofEpochSecond(-3, 999_999_999))
            .withXattrs(
                Map.of(Bytes.utf8("user.a"), Bytes.utf8("1"), Bytes.utf8("b"), Bytes.utf8("2")));
    Links links = new Links(3, EntryPath.parse("a/b"));
    return directory(
        Map.of(
            "dir", new Node.Subdirectory(Digest.EMPTY),
            "file", new Node.File(rich, links, Digest.EMPTY),
            "link", new Node.Symlink(rich, Links.SINGLE, Bytes.utf8("../x")),
            "null", device(DeviceNumber.Kind.CHARACTER),
            "disk", device(DeviceNumber.Kind.BLOCK),
            "pipe", new Node.Fifo(Attributes.of(0), Links.SINGLE)));
  }

  private static Node device(DeviceNumber.Kind kind) {
    return new Node.Device(Attributes.of(0666), Links.SINGLE, new DeviceNumber(kind, 300, 2));
  }

  private static Directory directory(Map<String, Node> children) {
    TreeMap<EntryName, Node> byName = new TreeMap<>();
    children.forEach((name, node) -> byName.put(EntryName.parse(name), node));
    return new Directory(Attributes.of(0755), byName);
  }
}
