package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digester;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageDocumentTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String CONFIG =
      "{\"mediaType\":\""
          + MediaType.OCI_CONFIG
          + "\",\"digest\":\"sha256:"
          + HEX
          + "\",\"size\":0}";

  @Test
  void parse_keepsTheBytes() {
    String text =
        " {\"schemaVersion\": 2, \"x\": [1.0],\n \"config\": " + CONFIG + ", \"layers\": [] } \n";

    Manifest manifest = manifest(text);

    assertThat(new String(manifest.bytes(), StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(manifest.digest()).isEqualTo(Digester.digest(bytes(text)));
  }

  @Test
  void edit_keepsWhatItDoesNotKnow() {
    String text =
        "{\"x-first\":{\"a\":1.0},\"schemaVersion\":2,\"config\":"
            + CONFIG
            + ",\"layers\":[],\"x-last\":null}";

    Manifest edited = manifest(text).withAnnotations(Map.of("k", "v"));

    assertThat(edited.toString())
        .isEqualTo(
            "{\"x-first\":{\"a\":1.0},\"schemaVersion\":2,\"config\":"
                + CONFIG
                + ",\"layers\":[],\"x-last\":null,\"annotations\":{\"k\":\"v\"}}");
  }

  @Test
  void descriptor_keepsUnknownMembersThroughAnEdit() {
    String layer =
        "{\"x\":[1],\"size\":3,\"digest\":\"sha512:"
            + "0".repeat(128)
            + "\",\"mediaType\":\"a/b\",\"annotations\":{\"b\":\"1\"}}";

    Manifest manifest =
        manifest("{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[" + layer + "]}");

    assertThat(manifest.withLayers(manifest.layers()).toString()).contains("[" + layer + "]");
    assertThat(manifest.layers().getFirst().annotations()).containsExactly("b", "1");
    assertThrows(UserException.class, () -> manifest.layers().getFirst().blob());
  }

  @Test
  void read_checksSizeThenDigest() {
    Manifest manifest = manifest("{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[]}");
    byte[] longer = CanonicalJson.withNewline(manifest.bytes());
    byte[] changed = manifest.bytes();
    changed[changed.length - 1] = ' ';

    var size =
        assertThrows(
            DocumentException.class, () -> ImageDocument.read(manifest.descriptor(), longer));
    var digest =
        assertThrows(
            DocumentException.class, () -> ImageDocument.read(manifest.descriptor(), changed));

    assertThat(size).hasMessageThat().contains("size mismatch");
    assertThat(digest).hasMessageThat().contains("digest mismatch");
    assertThat(ImageDocument.read(manifest.descriptor(), manifest.bytes())).isEqualTo(manifest);
  }

  @Test
  void parse_ambiguousDocument_isRefused() {
    String both = "{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[],\"manifests\":[]}";
    assertProblem(MediaType.OCI_MANIFEST, both, "manifests: has no place");
    assertProblem(MediaType.OCI_INDEX, both, "config: has no place");
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[],\"Manifests\":[]}",
        "Manifests: looks like 'manifests'");
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MediaType.OCI_INDEX
            + "\",\"config\":"
            + CONFIG
            + ",\"layers\":[]}",
        "mediaType: says");
  }

  @Test
  void parse_brokenRules_nameDocumentAndField() {
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"config\":" + CONFIG + ",\"layers\":[]}",
        "schemaVersion: is missing");
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":1,\"config\":" + CONFIG + ",\"layers\":[]}",
        "schemaVersion: must be 2");
    assertProblem(
        MediaType.OCI_MANIFEST, "{\"schemaVersion\":2,\"layers\":[]}", "config: is missing");
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":null}",
        "layers: expected a list");
    assertProblem(
        MediaType.OCI_INDEX,
        "{\"schemaVersion\":2,\"manifests\":null}",
        "manifests: expected a list");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\",\"digest\":\"sha256:" + HEX + "\",\"size\":-1}",
        "layers[0].size: negative: -1");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\",\"digest\":\"sha256:" + HEX + "\",\"size\":1.5}",
        "layers[0].size: not a whole number");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\",\"digest\":\"sha256:" + HEX + "\",\"size\":1e999999999}",
        "layers[0].size: not a whole");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\",\"digest\":\"sha256:..\",\"size\":1}",
        "layers[0].digest: not a digest");
    assertLayerProblem(
        "{\"mediaType\":\"ab\",\"digest\":\"sha256:" + HEX + "\",\"size\":1}",
        "layers[0].mediaType: not a media type");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\",\"digest\":7,\"size\":1}", "layers[0].digest: expected a string");
  }

  @Test
  void data_mustBeTheContent() {
    String hello =
        "\"digest\":\"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"size\":5";
    var _ =
        Descriptor.parse(bytes("{\"mediaType\":\"a/b\"," + hello + ",\"data\":\"aGVsbG8=\"}"), "d");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\"," + hello + ",\"data\":\"aGVsbG9v\"}", "data: is not the content");
    assertLayerProblem(
        "{\"mediaType\":\"a/b\"," + hello + ",\"data\":\"aGVsbGE=\"}", "data: is not the content");
    assertLayerProblem("{\"mediaType\":\"a/b\"," + hello + ",\"data\":\"%\"}", "data: not base64");
  }

  @Test
  void parse_schema1AndUnknownTypes_areRefusedWithReason() {
    var schema1 =
        assertThrows(
            UserException.class,
            () ->
                ImageDocument.parse(
                    "application/vnd.docker.distribution.manifest.v1+prettyjws", bytes("{}")));
    assertThat(schema1).hasMessageThat().contains("schema 1");
    assertThrows(UserException.class, () -> ImageDocument.parse("text/html", bytes("<html>")));
  }

  @Test
  void emptyConfig_needsArtifactType() {
    String config = CONFIG.replace(MediaType.OCI_CONFIG, MediaType.OCI_EMPTY);
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[]}",
        "artifactType: is required");
  }

  @Test
  void check_countsDiffIds() {
    ImageConfig config =
        ImageConfig.empty(Platform.of("linux", "amd64"))
            .withDiffId(OciDigest.parse("sha256:" + HEX));

    var e =
        assertThrows(
            DocumentException.class,
            () ->
                manifest("{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[]}")
                    .check(config));

    assertThat(e).hasMessageThat().contains("0 layers, but the config has 1 diff ids");
  }

  private static Manifest manifest(String text) {
    return Manifest.parse(MediaType.OCI_MANIFEST, bytes(text));
  }

  private static void assertLayerProblem(String layer, String message) {
    assertProblem(
        MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":" + CONFIG + ",\"layers\":[" + layer + "]}",
        message);
  }

  private static void assertProblem(String mediaType, String text, String message) {
    var e =
        assertThrows(
            DocumentException.class, () -> ImageDocument.parse(mediaType, bytes(text)), text);
    assertThat(e).hasMessageThat().contains(message);
    assertThat(e).hasMessageThat().contains(Digester.digest(bytes(text)).hex());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
