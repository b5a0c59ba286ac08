package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlatformTest {
  @Test
  void parse_normalizesAliases() {
    assertThat(Platform.parse("linux/x86_64").toString()).isEqualTo("linux/amd64");
    assertThat(Platform.parse("linux/aarch64").toString()).isEqualTo("linux/arm64");
    assertThat(Platform.parse("linux/arm64/v8").toString()).isEqualTo("linux/arm64");
    assertThat(Platform.parse("linux/arm").toString()).isEqualTo("linux/arm/v7");
    assertThat(Platform.parse("linux/armel").toString()).isEqualTo("linux/arm/v5");
    assertThat(Platform.parse("linux/arm/6").toString()).isEqualTo("linux/arm/v6");
    assertThat(Platform.parse("Linux/amd64/v1").toString()).isEqualTo("linux/amd64");
    assertThat(Platform.parse("linux/amd64/v3").toString()).isEqualTo("linux/amd64/v3");
    assertThat(Platform.parse("linux/i686").toString()).isEqualTo("linux/386");
  }

  @Test
  void parse_rejects() {
    for (String bad : new String[] {"", "linux", "linux/", "/amd64", "a/b/c/d", "linux/a b"}) {
      assertThrows(UserException.class, () -> Platform.parse(bad), bad);
    }
  }

  @Test
  void choose_firstMatchWins() throws IOException {
    Index index =
        Index.of(
            List.of(
                image("a", "linux/arm64"), image("b", "linux/amd64"), image("c", "linux/amd64")));

    assertThat(choose(index, "linux/amd64")).isEqualTo(image("b", "linux/amd64"));
    assertThat(choose(index, "linux/aarch64")).isEqualTo(image("a", "linux/arm64"));
  }

  @Test
  void choose_variants() throws IOException {
    Index index =
        Index.of(
            List.of(
                image("5", "linux/arm/v5"),
                image("7", "linux/arm/v7"),
                raw("8", "linux", "arm64", "v8"),
                image("3", "linux/amd64/v3"),
                image("1", "linux/amd64")));

    assertThat(choose(index, "linux/arm")).isEqualTo(image("7", "linux/arm/v7"));
    assertThat(choose(index, "linux/arm/v5")).isEqualTo(image("5", "linux/arm/v5"));
    assertThat(choose(index, "linux/arm64").platform().orElseThrow().variant()).isEqualTo("v8");
    assertThat(choose(index, "linux/amd64")).isEqualTo(image("1", "linux/amd64"));
  }

  @Test
  void choose_absent_listsWhatThereIs() {
    Index index =
        Index.of(
            List.of(
                image("a", "linux/arm64"),
                raw("x", "unknown", "unknown", ""),
                image("b", "linux/s390x")));

    var e = assertThrows(UserException.class, () -> choose(index, "linux/riscv64"));

    assertThat(e).hasMessageThat().contains("no image for linux/riscv64 in index sha256:");
    assertThat(e.hint()).hasValue("there are images for linux/arm64, linux/s390x");
  }

  @Test
  void choose_descendsIntoNestedIndexes() throws IOException {
    Index inner = Index.of(List.of(image("n", "linux/amd64")));
    Index other = Index.of(List.of(image("o", "linux/arm64")));
    Descriptor unknown =
        Descriptor.of("application/vnd.example+json", Digester.digest(new byte[3]));
    Index outer = Index.of(List.of(unknown, other.descriptor(), inner.descriptor()));
    var documents = Map.of(inner.digest(), inner, other.digest(), other);

    Descriptor found =
        PlatformChoice.choose(
            outer, Platform.parse("linux/amd64"), d -> requireNonNull(documents.get(d.blob())));

    assertThat(found).isEqualTo(image("n", "linux/amd64"));
  }

  @Test
  void choose_loneImageWithoutPlatform() throws IOException {
    Descriptor lone = image("a", "linux/amd64").plain();

    assertThat(choose(Index.of(List.of(lone)), "linux/arm64")).isEqualTo(lone);
    assertThrows(UserException.class, () -> choose(Index.of(List.of(lone, lone)), "linux/arm64"));
  }

  @Test
  void choose_windowsVersion() throws IOException {
    Descriptor old =
        image("a", "windows/amd64")
            .withPlatform(new Platform("windows", "amd64", "", "10.0.17763.1"));
    Descriptor current =
        image("b", "windows/amd64")
            .withPlatform(new Platform("windows", "amd64", "", "10.0.20348.2113"));
    Index index = Index.of(List.of(old, current));

    assertThat(
            PlatformChoice.choose(
                index, new Platform("windows", "amd64", "", "10.0.20348"), d -> index))
        .isEqualTo(current);
  }

  private static Descriptor choose(Index index, String platform) throws IOException {
    return PlatformChoice.choose(
        index,
        Platform.parse(platform),
        d -> {
          throw new AssertionError("nothing to load");
        });
  }

  private static Descriptor image(String content, String platform) {
    return Descriptor.of(
            MediaType.OCI_MANIFEST, Digester.digest(content.getBytes(StandardCharsets.UTF_8)))
        .withPlatform(Platform.parse(platform));
  }

  private static Descriptor raw(String content, String os, String architecture, String variant) {
    return image(content, "linux/amd64").withPlatform(Platform.of(os, architecture, variant));
  }
}
