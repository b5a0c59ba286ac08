package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
  private static final String SHA =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void parse_defaultsOfDockerHub() {
    assertThat(Reference.parse("debian").toString()).isEqualTo("docker.io/library/debian");
    assertThat(Reference.parse("a/b:1").toString()).isEqualTo("docker.io/a/b:1");
    assertThat(Reference.parse("docker.io/debian").toString())
        .isEqualTo("docker.io/library/debian");
    assertThat(Reference.parse("index.docker.io/a/b").toString()).isEqualTo("docker.io/a/b");
  }

  @Test
  void parse_registries() {
    assertThat(Reference.parse("localhost/a").repository().registry()).isEqualTo("localhost");
    assertThat(Reference.parse("localhost:5000/a/b:t").repository())
        .isEqualTo(new Repository("localhost:5000", "a/b"));
    assertThat(Reference.parse("[::1]:5000/a").repository().registry()).isEqualTo("[::1]:5000");
    assertThat(Reference.parse("ghcr.io/o/a__b-c.d/e:V1.2-x").toString())
        .isEqualTo("ghcr.io/o/a__b-c.d/e:V1.2-x");
  }

  @Test
  void parse_tagAndDigest() {
    Reference reference = Reference.parse("quay.io/a/b:1.0@" + SHA);

    assertThat(reference.tag()).hasValue("1.0");
    assertThat(reference.digest()).hasValue(OciDigest.parse(SHA));
    assertThat(reference.toString()).isEqualTo("quay.io/a/b:1.0@" + SHA);
    assertThat(Reference.parse("quay.io/a/b").tag()).isEmpty();
  }

  @Test
  void parse_rejects() {
    for (String bad :
        new String[] {
          "",
          "/a",
          "a/",
          "a//b",
          "A/b",
          "q.io/A",
          "q.io/../b",
          "q.io/a:",
          "q.io/a:-t",
          "q.io/a@",
          "q.io/a@sha256:12",
          "q.io/a@sha256:" + "Z".repeat(64),
          "q.io/a b",
          "q.io/a?b",
          "q.io/a#b",
          "http://q.io/a",
          "q_.io:1/a",
          "q.io:x/a",
          "-q.io/a",
          "q.io/a:t@" + SHA + "@" + SHA,
          "q.io/a:" + "t".repeat(129),
          "q.io/" + "a".repeat(256),
          "q.io/a@sha256:../../../../x",
        }) {
      assertThrows(UserException.class, () -> Reference.parse(bad), bad);
    }
  }

  @Test
  void digest_otherAlgorithmsParseButGiveNoBytes() {
    OciDigest sha512 = OciDigest.parse("sha512:" + "0".repeat(128));
    OciDigest odd =
        OciDigest.parse("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8");

    assertThat(odd.algorithm()).isEqualTo("multihash+base58");
    var e = assertThrows(UserException.class, sha512::sha256);
    assertThat(e).hasMessageThat().contains("only sha256 digests can be verified");
  }

  @Test
  void digest_grammar() {
    for (String bad :
        new String[] {
          "sha256",
          "sha256:",
          ":" + "0".repeat(64),
          "SHA256:" + "0".repeat(64),
          "sha256:" + "A".repeat(64),
          "sha512:" + "0".repeat(64),
          "x:../y",
          "x:a/b",
          "x+:a",
          "x:" + "a".repeat(300),
        }) {
      assertThrows(UserException.class, () -> OciDigest.parse(bad), bad);
    }
  }
}
