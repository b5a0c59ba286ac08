package dev.athanor.oci.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class LayerOutlineTest {
  private static LayerOutline read(byte[] layer) throws IOException {
    return LayerOutline.read(new ByteArrayInputStream(layer), Limits.DEFAULT);
  }

  private static List<String> items(TarBuilder tar) throws IOException {
    return read(tar.end()).items().stream()
        .map(item -> item.kind() + " " + item.path() + " " + item.size())
        .toList();
  }

  @Test
  void members_areWhatTheyMean() throws IOException {
    assertThat(
            items(
                new TarBuilder()
                    .member('5', "d/", "")
                    .file("./d/file", "four")
                    .link('1', "d/hard", "d/file")
                    .link('2', "d/soft", "file")
                    .file("d/.wh.gone", "")
                    .file("e/.wh..wh..opq", "")
                    .file(".wh..wh.plnk/1", "aufs")
                    .file(".wh..wh.aufs", "aufs")))
        .containsExactly(
            "DIRECTORY /d 0",
            "FILE /d/file 4",
            "OTHER /d/hard 0",
            "OTHER /d/soft 0",
            "HIDES /d/gone 0",
            "EMPTIES /e 0")
        .inOrder();
  }

  @Test
  void sizes_areThoseOfTheTar_howeverItIsWrapped() throws IOException {
    byte[] tar = new TarBuilder().file("a", "x".repeat(5000)).end();
    ByteArrayOutputStream wrapped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(wrapped)) {
      gzip.write(tar);
    }

    LayerOutline outline = read(wrapped.toByteArray());

    assertThat(outline.tarBytes()).isEqualTo(tar.length);
    assertThat(outline.compression()).isEqualTo(Compression.GZIP);
    assertThat(outline)
        .isEqualTo(new LayerOutline(Compression.GZIP, tar.length, read(tar).items()));
  }

  @Test
  void nameThatIsNone_isTold() {
    byte[] tar =
        new TarBuilder()
            .file("d/" + "x".repeat(90), "")
            .pax("path", "a\u0000b")
            .file("a", "")
            .end();

    assertThrows(LayerException.class, () -> read(tar));
  }
}
