package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damages the documents of an image at random: each is refused in words, or all that can be asked
/// of it has an answer, and its bytes are those that were read.
class DocumentFuzzTest {
  private static final String JSON = "{}[]\":,0-1e\\u. \n";

  @Test
  void parse_damagedDocument_isReadOrRefused() {
    Descriptor layer =
        Descriptor.of(MediaType.OCI_LAYER_GZIP, Digester.digest(new byte[3]))
            .withAnnotations(Map.of("a", "b"));
    byte[] config = config().getBytes(StandardCharsets.UTF_8);
    Manifest manifest =
        Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, Digester.digest(config)), List.of(layer))
            .withAnnotations(Map.of("k", "v"));
    byte[] about =
        CanonicalJson.write(Members.with(manifest.json, List.of(), "subject", layer.json()));
    Index index =
        Index.of(List.of(manifest.descriptor().withPlatform(Platform.of("linux", "arm64")), layer));
    Fuzz.run(
        0.2,
        random -> {
          switch (random.nextInt(3)) {
            case 0 -> document(MediaType.OCI_MANIFEST, damaged(about, random));
            case 1 -> document(MediaType.OCI_INDEX, damaged(index.bytes(), random));
            default -> config(damaged(config, random));
          }
        });
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    Fuzz.damage(bytes, random, JSON);
    return random.nextInt(8) > 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 9));
  }

  private static void document(String mediaType, byte[] bytes) {
    try {
      ImageDocument document = ImageDocument.parse(mediaType, bytes);
      assertThat(document.bytes()).isEqualTo(bytes);
      String told = document.annotations() + " " + document.artifactType() + document.descriptor();
      assertThat(told).isNotEmpty();
      document.subject().ifPresent(DocumentFuzzTest::descriptor);
      document.children().forEach(DocumentFuzzTest::descriptor);
    } catch (UserException e) {
      assertThat(e).hasMessageThat().isNotEmpty();
    }
  }

  private static void descriptor(Descriptor descriptor) {
    String told =
        descriptor.annotations()
            + " "
            + descriptor.platform()
            + descriptor.artifactType()
            + descriptor.urls()
            + descriptor.digest();
    assertThat(told).isNotEmpty();
    assertThat(Descriptor.parse(descriptor.bytes(), "again")).isEqualTo(descriptor);
  }

  private static void config(byte[] bytes) {
    try {
      ImageConfig config = ImageConfig.parse(bytes);
      assertThat(config.bytes()).isEqualTo(bytes);
      String told =
          config.platform()
              + " "
              + config.created()
              + config.author()
              + config.diffIds()
              + config.history()
              + config.env()
              + config.entrypoint()
              + config.cmd()
              + config.user()
              + config.workingDir()
              + config.labels()
              + config.exposedPorts()
              + config.volumes()
              + config.stopSignal();
      assertThat(told).isNotEmpty();
    } catch (UserException e) {
      assertThat(e).hasMessageThat().isNotEmpty();
    }
  }

  private static String config() {
    return """
    {"created":"2020-01-02T03:04:05.6Z","author":"a","architecture":"amd64","os":"linux",\
    "config":{"User":"1:2","ExposedPorts":{"80/tcp":{}},"Env":["A=b","C"],"Entrypoint":["/x"],\
    "Cmd":null,"Volumes":{"/v":{}},"WorkingDir":"/w","Labels":{"l":"m"},"StopSignal":"SIGTERM",\
    "Healthcheck":{"Test":["CMD","x"],"Interval":30000000000,"Retries":3}},\
    "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},\
    "history":[{"created":"2020-01-02T03:04:05Z","created_by":"x","empty_layer":true},{}]}\
    """
        .formatted("ab".repeat(32));
  }
}
