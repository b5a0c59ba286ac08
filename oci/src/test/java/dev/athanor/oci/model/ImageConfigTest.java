package dev.athanor.oci.model;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageConfigTest {
  private static final OciDigest DIFF_ID = OciDigest.parse("sha256:" + "1".repeat(64));
  private static final String DOCKER =
      "{\"architecture\":\"amd64\",\"config\":{\"Hostname\":\"\",\"Env\":[\"PATH=/bin\",\"A=1\"],\"Cmd\":null,"
          + "\"OnBuild\":[\"x\"],\"Shell\":[\"/bin/sh\"],\"ArgsEscaped\":true,\"Healthcheck\":{\"Test\":[\"NONE\"]}},"
          + "\"container\":\"c0ffee\",\"created\":\"2024-01-01T00:00:00.5Z\",\"docker_version\":\"20.10\",\"os\":\"linux\","
          + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";

  @Test
  void edit_changesOnlyTheEditedMember() {
    ImageConfig edited = config(DOCKER).withEnv("A", "2");

    assertThat(edited.toString()).isEqualTo(DOCKER.replace("A=1", "A=2"));
  }

  @Test
  void env_replacesInPlaceAndAppends() {
    ImageConfig config =
        config(DOCKER).withEnv("PATH", "/usr/bin").withEnv("B", "x=y").withEnv("AA", "3");

    assertThat(config.env()).containsExactly("PATH=/usr/bin", "A=1", "B=x=y", "AA=3").inOrder();
  }

  @Test
  void env_duplicatesCollapse() {
    ImageConfig config = config(DOCKER.replace("\"A=1\"", "\"A=1\",\"B=1\",\"A=2\",\"A\""));

    assertThat(config.withEnv("A", "3").env()).containsExactly("PATH=/bin", "A=3", "B=1").inOrder();
  }

  @Test
  void newMembers_goWhereUmociWritesThem() {
    ImageConfig config =
        ImageConfig.empty(Platform.of("linux", "arm64", "v8"))
            .withStopSignal("SIGINT")
            .withLabels(Map.of("b", "2", "a", "1"))
            .withWorkingDir("/w")
            .withVolumes(List.of("/z", "/d"))
            .withCmd(List.of("c"))
            .withEntrypoint(List.of("e"))
            .withEnv("K", "v")
            .withExposedPorts(List.of("80/tcp", "22/tcp", "80/tcp"))
            .withUser("u:g")
            .withAuthor("me")
            .withCreated(Instant.EPOCH);

    assertThat(config.toString())
        .isEqualTo(
            "{\"created\":\"1970-01-01T00:00:00Z\",\"author\":\"me\",\"architecture\":\"arm64\",\"variant\":\"v8\",\"os\":\"linux\","
                + "\"config\":{\"User\":\"u:g\",\"ExposedPorts\":{\"22/tcp\":{},\"80/tcp\":{}},\"Env\":[\"K=v\"],"
                + "\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"],\"Volumes\":{\"/d\":{},\"/z\":{}},\"WorkingDir\":\"/w\","
                + "\"Labels\":{\"a\":\"1\",\"b\":\"2\"},\"StopSignal\":\"SIGINT\"},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
  }

  @Test
  void labels_areSortedByUtf8Bytes() {
    // In UTF-16 the emoji (a surrogate pair) would come before U+FF5E.
    ImageConfig config = config(DOCKER).withLabels(Map.of("😀", "2", "～", "1"));

    assertThat(config.labels().keySet()).containsExactly("～", "😀").inOrder();
  }

  @Test
  void layers_comeWithHistory() {
    History entry = new History("", "//:layer", "", "", false);

    ImageConfig config = config(DOCKER).withDiffId(DIFF_ID).withHistory(entry);

    assertThat(config.diffIds()).containsExactly(DIFF_ID);
    assertThat(config.history()).containsExactly(entry);
    assertThat(config.toString())
        .endsWith(
            "\"diff_ids\":[\"" + DIFF_ID + "\"]},\"history\":[{\"created_by\":\"//:layer\"}]}");
  }

  @Test
  void emptyLists_takeTheMembersAway() {
    ImageConfig config = config(DOCKER).withEntrypoint(List.of("e")).withCmd(List.of("c"));

    assertThat(config.withEntrypoint(List.of()).entrypoint()).isEmpty();
    assertThat(config.withEntrypoint(List.of("f")).cmd()).containsExactly("c");
    assertThat(config.withCmd(List.of()).toString()).doesNotContain("Cmd");
    assertThat(config.without("Env").env()).isEmpty();
  }

  @Test
  void healthcheck_leavesOutWhatIsInherited() {
    Healthcheck check =
        new Healthcheck(
            List.of("CMD", "true"), Duration.ofSeconds(3), Duration.ZERO, Duration.ofMillis(1), 2);

    ImageConfig config = config(DOCKER).withHealthcheck(check);

    assertThat(config.toString())
        .contains(
            "{\"Test\":[\"CMD\",\"true\"],\"Interval\":3000000000,\"StartPeriod\":1000000,\"Retries\":2}");
  }

  @Test
  void platform_editKeepsOrRemovesVariant() {
    ImageConfig arm = ImageConfig.empty(Platform.of("linux", "arm", "v7"));

    assertThat(arm.withAuthor("x").platform()).isEqualTo(Platform.of("linux", "arm", "v7"));
    assertThat(arm.withPlatform(Platform.of("linux", "amd64")).toString())
        .doesNotContain("variant");
  }

  @Test
  void time_isWrittenAsGoDoes() {
    assertThat(ImageConfig.time(Instant.parse("2024-01-01T00:00:00.500Z")))
        .isEqualTo("2024-01-01T00:00:00.5Z");
    assertThat(ImageConfig.time(Instant.ofEpochSecond(0, 1)))
        .isEqualTo("1970-01-01T00:00:00.000000001Z");
  }

  @Test
  void parse_brokenRules() {
    assertProblem(
        DOCKER.replace("\"type\":\"layers\"", "\"type\":\"other\""),
        "rootfs.type: must be 'layers'");
    assertProblem(DOCKER.replace("\"os\":\"linux\",", ""), "os: is missing");
    assertProblem(
        DOCKER.replace("\"diff_ids\":[]", "\"diff_ids\":[\"x\"]"),
        "rootfs.diff_ids[0]: not a digest");
    assertProblem("{\"architecture\":\"a\",\"os\":\"b\"}", "rootfs: is missing");
    assertProblem(
        DOCKER.replace("\"type\":\"layers\"", "\"type\":\"layers\",\"type\":\"layers\""), "twice");
  }

  private static void assertProblem(String text, String message) {
    var e = assertThrows(DocumentException.class, () -> config(text), text);
    assertThat(e).hasMessageThat().contains(message);
  }

  private static ImageConfig config(String text) {
    return ImageConfig.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
