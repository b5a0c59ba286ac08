package dev.athanor.oci.diff;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.engine.diff.Compared.utf8;

import com.github.luben.zstd.Zstd;
import dev.athanor.engine.diff.Compared;
import dev.athanor.engine.testing.Peer;
import dev.athanor.oci.layer.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarFormatTest {
  @TempDir Path temp;

  private static List<String> lines(byte[] before, byte[] after) throws IOException {
    return Compared.lines(before, after, ImageFormats.ALL);
  }

  private static List<String> lines(TarBuilder before, TarBuilder after) throws IOException {
    return lines(before.end(), after.end());
  }

  private static TarBuilder tar() {
    return new TarBuilder();
  }

  /// What `tar` makes of a directory with `etc/conf` in it.
  private byte[] byTar(String... flags) throws Exception {
    Path root = temp.resolve("root");
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/conf"), "text");
    Path archive = temp.resolve("archive.tar");
    List<String> args = new ArrayList<>(List.of("-cf", archive.toString(), "-C", root.toString()));
    args.addAll(List.of(flags));
    args.addAll(List.of("--sort=name", "etc"));
    var _ = Peer.find("tar").run(args.toArray(String[]::new));
    return Files.readAllBytes(archive);
  }

  @Test
  void members_areComparedByPath() throws IOException {
    assertThat(
            lines(
                tar().file("gone", "123").file("a", "one\n").link('2', "l", "here"),
                tar().file("./a", "two\n").link('2', "l", "there").member('5', "d/", "")))
        .containsExactly(
            "gone PRESENCE 3 bytes → ",
            "a: name ENCODING a → ./a",
            "a: line 1 TEXT one → two",
            "l: link TARGET here → there",
            "d PRESENCE  → 0 bytes")
        .inOrder();
  }

  @Test
  void kindsDevicesAndOrder_areSeen() throws IOException {
    assertThat(lines(tar().file("a", "").file("b", ""), tar().file("b", "").member('5', "a", "")))
        .containsExactly(" ORDER a, b → b, a", "a: type KIND file → directory");
    assertThat(
            lines(
                tar().member('3', "d", "", block -> TarBuilder.put(block, 329, "0000001\0")),
                tar().member('3', "d", "", block -> TarBuilder.put(block, 329, "0000002\0"))))
        .containsExactly("d: device VALUE 1:0 → 2:0");
  }

  @Test
  void recordsOfPax_areFields() throws IOException {
    assertThat(
            lines(
                tar().pax("mtime", "1.5", "atime", "1", "SCHILY.xattr.user.a", "x").file("a", ""),
                tar().pax("mtime", "1.75", "atime", "2", "SCHILY.xattr.user.a", "y").file("a", "")))
        .containsExactly(
            "a: mtime TIME 1970-01-01T00:00:01.5Z → 1970-01-01T00:00:01.75Z",
            "a: atime TIME 1970-01-01T00:00:01Z → 1970-01-01T00:00:02Z",
            "a: xattr user.a VALUE x → y");
    assertThat(
            lines(
                tar().pax("path", "n".repeat(200)).file("n", "1\n"),
                tar().extension('L', "n".repeat(200) + "\0").file("n", "2\n")))
        .containsAtLeast(
            "n".repeat(200) + ": header ENCODING PAX path, ustar → long name, ustar",
            "n".repeat(200) + ": line 1 TEXT 1 → 2");
  }

  /// Names have lengths that no regular expression of the JDK survives.
  @Test
  void veryLongNames_areRead() throws IOException {
    String name = "./".repeat(200_000) + "a///";
    assertThat(
            lines(
                tar().extension('L', name + "\0").member('0', "a", "1\n"),
                tar().extension('L', name + "\0").member('0', "a", "2\n")))
        .containsExactly("a: line 1 TEXT 1 → 2");
  }

  @Test
  void recordsWithoutAValue_areDamage() throws IOException {
    byte[] before = tar().extension('x', "5 a=\n").file("a", "1").end();
    byte[] after = tar().extension('x', "4 a=").file("a", "2").end();
    assertThat(lines(before, after).getFirst()).startsWith("byte 0x");
  }

  @Test
  void namesInTwo_areTwo() throws IOException {
    assertThat(
            lines(tar().file("a", "1\n").file("a", "2\n"), tar().file("a", "1\n").file("a", "3\n")))
        .containsExactly("a (2): line 1 TEXT 2 → 3");
  }

  @Test
  void theEnd_isEncoding() throws IOException {
    assertThat(lines(tar().file("a", "").bytes(), tar().file("a", "").end()))
        .containsExactly("end ENCODING no end marker → 1024 bytes");
  }

  @Test
  void tarsOfTar_tellTimesOwnersAndModes() throws Exception {
    byte[] before = byTar("--mtime=@1000", "--owner=root:0", "--group=root:0", "--mode=0755");
    byte[] after = byTar("--mtime=@2000", "--owner=me:1000", "--group=us:1001", "--mode=0700");
    assertThat(lines(before, after))
        .containsExactly(
            "etc: mode MODE 0755 → 0700",
            "etc: uid OWNER 0 → 1000",
            "etc: gid OWNER 0 → 1001",
            "etc: mtime TIME 1970-01-01T00:16:40Z → 1970-01-01T00:33:20Z",
            "etc: uname OWNER root → me",
            "etc: gname OWNER root → us",
            "etc/conf: mode MODE 0755 → 0700",
            "etc/conf: uid OWNER 0 → 1000",
            "etc/conf: gid OWNER 0 → 1001",
            "etc/conf: mtime TIME 1970-01-01T00:16:40Z → 1970-01-01T00:33:20Z",
            "etc/conf: uname OWNER root → me",
            "etc/conf: gname OWNER root → us")
        .inOrder();
  }

  @Test
  void formatsOfTar_areEncoding() throws Exception {
    byte[] gnu = byTar("--mtime=@1000", "--format=gnu");
    byte[] pax = byTar("--mtime=@1000", "--format=posix");
    byte[] ustar = byTar("--mtime=@1000", "--format=ustar");
    assertThat(lines(gnu, ustar)).contains("etc/conf: header ENCODING gnu → ustar");
    assertThat(String.join("\n", lines(ustar, pax)))
        .contains("etc/conf: header ENCODING ustar → PAX");
    assertThat(lines(pax, pax)).isEmpty();
  }

  @Test
  void tarsOfPython_areRead() throws Exception {
    Path archive = temp.resolve("py.tar");
    List<byte[]> tars = new ArrayList<>();
    for (String name : List.of("alice", "bobby")) {
      var _ =
          Peer.find("python3")
              .run(
                  "-c",
                  """
                  import io, sys, tarfile
                  with tarfile.open(sys.argv[1], "w") as tar:
                      info = tarfile.TarInfo("n" * 150 + "/\\u00e9")
                      info.uname, info.size, info.mtime = sys.argv[2], 3, 1.25
                      tar.addfile(info, io.BytesIO(b"abc"))
                  """,
                  archive.toString(),
                  name);
      tars.add(Files.readAllBytes(archive));
    }
    assertThat(lines(tars.getFirst(), tars.getLast()))
        .containsExactly("n".repeat(150) + "/é: uname OWNER alice → bobby");
  }

  @Test
  void wrappedTars_areReadInside_alsoWhenWrappedInOtherWays() throws Exception {
    byte[] before = tar().file("a", "one\n").end();
    byte[] after = tar().file("a", "two\n").end();
    assertThat(lines(Zstd.compress(before), Zstd.compress(after)))
        .containsExactly("zstd: a: line 1 TEXT one → two");
    assertThat(lines(Zstd.compress(before, 1), after))
        .containsExactly(" ENCODING zstd → plain", "a: line 1 TEXT one → two");
    assertThat(lines(Zstd.compress(before, 1), Zstd.compress(before, 19)).getFirst())
        .startsWith("zstd ENCODING ");
  }

  @Test
  void zstdOfZstd_isRead() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "text".repeat(1000));
    var _ = Peer.find("zstd").run("-qf", "--no-check", file.toString());
    byte[] unchecked = Files.readAllBytes(temp.resolve("file.zst"));
    var _ = Peer.find("zstd").run("-qf", "--check", file.toString());
    byte[] checked = Files.readAllBytes(temp.resolve("file.zst"));
    assertThat(lines(unchecked, checked)).contains("zstd: checksum ENCODING no → yes");
  }

  @Test
  void damage_neverThrows() throws Exception {
    byte[] odd =
        tar()
            .global("comment", "x")
            .pax("path", "long/name", "mtime", "1.5", "size", "4")
            .file("a", "text")
            .extension('L', "name\0")
            .extension('K', "link\0")
            .link('1', "l", "a")
            .end();
    Compared.damaged(odd, ImageFormats.ALL);
    Compared.damaged(byTar("--format=posix"), ImageFormats.ALL);
    Compared.damaged(Zstd.compress(odd), ImageFormats.ALL);
    assertThat(lines(utf8("a"), "b".getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  /// Headers are damaged so that their checksums stay right.
  @Test
  void damagedFields_neverThrow() throws Exception {
    byte[] whole = tar().pax("mtime", "1", "size", "4").file("a", "text").end();
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      byte[] other =
          tar()
              .pax("mtime", "" + random.nextLong(), "size", "" + random.nextInt(-5, 2000))
              .member(
                  (char) random.nextInt(256),
                  "a",
                  "text",
                  block -> {
                    for (int n = 0; n < 3; n++) {
                      block[random.nextInt(512)] = (byte) random.nextInt(256);
                    }
                  })
              .end();
      assertThat(lines(whole, other)).isNotEmpty();
    }
  }
}
