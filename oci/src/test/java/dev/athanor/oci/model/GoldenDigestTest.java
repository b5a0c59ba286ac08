package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bytes that umoci 0.4.7 writes for the same edits.
final class GoldenDigestTest {
  private static final ImageConfig EMPTY =
      ImageConfig.empty(Platform.of("linux", "amd64"))
          .withCreated(Instant.EPOCH)
          .withAuthor("pants_backend_oci")
          .withEnv("BUILT_BY", "pants.oci");

  @Test
  void emptyImage_hasUmocisDigests() {
    byte[] config = CanonicalJson.withNewline(EMPTY.bytes());
    byte[] manifest = manifest(config);

    assertThat(text(config))
        .isEqualTo(
            """
            {"created":"1970-01-01T00:00:00Z","author":"pants_backend_oci","architecture":"amd64",\
            "os":"linux","config":{"Env":["BUILT_BY=pants.oci"]},\
            "rootfs":{"type":"layers","diff_ids":[]}}
            """);
    assertThat(Digester.digest(config).toString())
        .isEqualTo("55fc22b71a0980b90948afcd8ee8ab517f546a2ebc3b73052b60af7df744f5ae/181");
    assertThat(Digester.digest(manifest).toString())
        .isEqualTo("e0039d9a394788147eb854e5efe5429723352c288faa47de3bb1abbd53a7f7bb/192");
  }

  @Test
  void emptyImageWithHistory_hasUmocisDigests() {
    History entry =
        new History("1970-01-01T00:00:00Z", "umoci config", "pants_backend_oci", "", true);

    byte[] config = CanonicalJson.withNewline(EMPTY.withHistory(entry).bytes());

    assertThat(Digester.digest(config).toString())
        .isEqualTo("954b34c7e9936c907960d24b6f3a995db1fee8a6c7692f6cd08f38f21d137c0f/304");
    assertThat(Digester.digest(manifest(config)).toString())
        .isEqualTo("63435d69d8f2fb3d574bd379a5e83901e538621635992a9281c69d81da0feb6e/192");
  }

  private static byte[] manifest(byte[] config) {
    Digest digest = Digester.digest(config);
    Manifest manifest = Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, digest), List.of());
    return CanonicalJson.withNewline(
        CanonicalJson.write(Members.without(manifest.json, "mediaType")));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
