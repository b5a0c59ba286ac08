package dev.athanor.oci.validate;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.oci.layer.TarBuilder;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One broken image for each rule; a rule without one does not compile.
final class RuleTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path layout = files.getPath("/work/image");

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @ParameterizedTest
  @EnumSource
  void brokenImage_givesItsRuleAndNoOther(Rule rule) throws IOException {
    broken(rule).write(layout);

    List<Finding> findings = LayoutValidator.validate(layout, false);

    assertThat(findings.stream().map(Finding::rule)).containsExactly(rule);
  }

  @Test
  void everyRule_isInTheTableOfTheDocumentation() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/validate.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("`", -1)[1] + (line.contains("| warning |") ? " warning" : ""))
            .toList();

    assertThat(rows)
        .containsExactlyElementsIn(
            Arrays.stream(Rule.values())
                .map(it -> it.id() + (it.severity() == Rule.Severity.WARNING ? " warning" : ""))
                .toList())
        .inOrder();
  }

  @Test
  void ids_areDistinct_andPlain() {
    List<String> ids = Arrays.stream(Rule.values()).map(Rule::id).toList();

    assertThat(ids).containsNoDuplicates();
    ids.forEach(id -> assertThat(id).matches("[a-z]+\\.[a-z]+(-[a-z]+)*"));
  }

  private static TestImage image() {
    return new TestImage();
  }

  private static TarBuilder tar() {
    return new TarBuilder();
  }

  private static TestImage broken(Rule rule) {
    return switch (rule) {
      case JSON_SIZE -> image().config(text -> text + " ".repeat(StrictJson.MAX_BYTES));
      case JSON_ENCODING -> image().config(text -> "\uFEFF" + text);
      case JSON_SYNTAX -> image().config(text -> text + "}");
      case JSON_OBJECT -> image().config(_ -> "[]");
      case JSON_DUPLICATE_NAME ->
          image().config(text -> text.replaceFirst("}$", ",\"os\":\"windows\"}"));
      case JSON_NAME_CASE -> image().config("OS", "\"windows\"");
      case JSON_CODE_POINT -> image().config("author", "\"\\uffff\"");
      case JSON_NUMBER -> image().config("extra", "9007199254740993");

      case LAYOUT_FILES -> image().then(it -> Files.delete(it.resolve("oci-layout")));
      case LAYOUT_VERSION ->
          image()
              .then(it ->
                  Files.writeString(it.resolve("oci-layout"), "{\"imageLayoutVersion\":\"9\"}"));
      case LAYOUT_BLOBS ->
          image()
              .index("manifests", "[]")
              .withoutStrays()
              .then(it -> Files.delete(it.resolve("blobs/sha256")))
              .then(it -> Files.delete(it.resolve("blobs")));
      case LAYOUT_REF_NAME -> tagged("-odd");
      case LAYOUT_REF_NAME_TWICE -> tagged("v1").index(RuleTest::twice);
      case LAYOUT_STRAY -> image().then(it -> TestImage.put(it, new byte[3]));

      case BLOB_NAME -> image().then(it -> Files.writeString(it.resolve("blobs/sha256/ABC"), "x"));
      case BLOB_DIGEST -> damaged(image());
      case BLOB_MISSING -> absent(image());
      case BLOB_SIZE -> image().manifest("layers/0/size", "7");

      case DESCRIPTOR_OBJECT -> image().manifest("subject", "\"text\"");
      case DESCRIPTOR_MEDIA_TYPE -> image().descriptor("mediaType", "");
      case DESCRIPTOR_MEDIA_TYPE_GRAMMAR -> image().descriptor("mediaType", "\"text\"");
      case DESCRIPTOR_DIGEST -> image().descriptor("digest", "");
      case DESCRIPTOR_DIGEST_GRAMMAR -> image().descriptor("digest", "\"sha256\"");
      case DESCRIPTOR_DIGEST_ENCODED -> image().descriptor("digest", "\"sha256:ABCD\"");
      case DESCRIPTOR_SIZE -> image().descriptor("size", "\"1\"");
      case DESCRIPTOR_SIZE_NEGATIVE -> image().descriptor("size", "-1");
      case DESCRIPTOR_URLS -> image().descriptor("urls", "\"https://example.com\"");
      case DESCRIPTOR_URL_GRAMMAR -> image().descriptor("urls", "[\"https://a b\"]");
      case DESCRIPTOR_URL_SCHEME -> image().descriptor("urls", "[\"ftp://example.com\"]");
      case DESCRIPTOR_DATA -> image().descriptor("data", "\"?\"");
      case DESCRIPTOR_DATA_CONTENT -> image().descriptor("data", "\"e30=\"");
      case DESCRIPTOR_ARTIFACT_TYPE -> image().descriptor("artifactType", "\"text\"");
      case DESCRIPTOR_EMPTY -> image().descriptor("mediaType", "\"" + MediaType.OCI_EMPTY + "\"");

      case ANNOTATIONS_MAP -> image().manifest("annotations", "null");
      case ANNOTATIONS_VALUE -> image().manifest("annotations", "{\"key\":1}");
      case ANNOTATIONS_RESERVED -> annotated("org.opencontainers.image.mine", "x");
      case ANNOTATIONS_CREATED -> annotated("org.opencontainers.image.created", "today");
      case ANNOTATIONS_BASE_DIGEST -> annotated("org.opencontainers.image.base.digest", "abc");

      case PLATFORM_OBJECT -> image().index("manifests/0/platform", "\"linux\"");
      case PLATFORM_ARCHITECTURE -> image().index("manifests/0/platform", "{\"os\":\"linux\"}");
      case PLATFORM_OS -> image().index("manifests/0/platform", "{\"architecture\":\"amd64\"}");
      case PLATFORM_MEMBER_TYPE -> platform("amd64").index("manifests/0/platform/variant", "1");
      case PLATFORM_RESERVED -> platform("amd64").index("manifests/0/platform/features", "[]");

      case INDEX_SCHEMA_VERSION -> image().index("schemaVersion", "1");
      case INDEX_MEDIA_TYPE -> image().index("mediaType", "\"" + MediaType.OCI_MANIFEST + "\"");
      case INDEX_ARTIFACT_TYPE -> image().index("artifactType", "\"text\"");
      case INDEX_MANIFESTS -> image().index("manifests", "{}").withoutStrays();
      case INDEX_FOREIGN_MEMBER -> image().index("layers", "[]");

      case MANIFEST_SCHEMA_VERSION -> image().manifest("schemaVersion", "\"2\"");
      case MANIFEST_MEDIA_TYPE ->
          image().manifest("mediaType", "\"" + MediaType.DOCKER_MANIFEST + "\"");
      case MANIFEST_ARTIFACT_TYPE -> artifact().manifest("artifactType", "\"text\"");
      case MANIFEST_ARTIFACT_TYPE_MISSING -> artifact().manifest("artifactType", "");
      case MANIFEST_ARTIFACT_CONFIG ->
          image().manifest("artifactType", "\"application/vnd.example\"");
      case MANIFEST_CONFIG -> image().manifest("config", "").withoutStrays();
      case MANIFEST_LAYERS -> image().manifest("layers", "{}").withoutStrays();
      case MANIFEST_LAYERS_EMPTY ->
          image().manifest("layers", "[]").config("rootfs/diff_ids", "[]").withoutStrays();
      case MANIFEST_FOREIGN_MEMBER -> image().manifest("manifests", "[]");

      case CONFIG_ARCHITECTURE -> image().config("architecture", "");
      case CONFIG_OS -> image().config("os", "");
      case CONFIG_PLATFORM -> platform("arm64");
      case CONFIG_MEMBER_TYPE -> image().config("config/Cmd", "\"sh\"");
      case CONFIG_CREATED -> image().config("created", "\"2024-02-30T00:00:00Z\"");
      case CONFIG_ENV -> image().config("config/Env", "[\"PATH\"]");
      case CONFIG_EXPOSED_PORT -> image().config("config/ExposedPorts", "{\"http\":{}}");
      case CONFIG_ROOTFS -> image().config("rootfs", "");
      case CONFIG_ROOTFS_TYPE -> image().config("rootfs/type", "\"disk\"");
      case CONFIG_ROOTFS_DIFF_IDS -> image().config("rootfs/diff_ids", "null");
      case CONFIG_DIFF_ID -> image().config("rootfs/diff_ids", "[\"sha256:ABCD\"]");
      case CONFIG_DIFF_IDS -> image().config("rootfs/diff_ids", "[]");
      case CONFIG_HISTORY -> image().config("history", "[{\"empty_layer\":true}]");

      case LAYER_MEDIA_TYPE -> image().manifest("layers/0/mediaType", "\"text/plain\"");
      case LAYER_NON_DISTRIBUTABLE ->
          image()
              .manifest(
                  "layers/0/mediaType",
                  "\"application/vnd.oci.image.layer.nondistributable.v1.tar\"");
      case LAYER_COUNT ->
          image().manifest(text -> many(text, "layers")).config(text -> many(text, "diff_ids"));
      case LAYER_COMPRESSION ->
          image().manifest("layers/0/mediaType", "\"" + MediaType.OCI_LAYER_ZSTD + "\"");
      case LAYER_DIFF_ID -> image().config("rootfs/diff_ids", "[\"" + TestImage.ZEROS + "\"]");
      case LAYER_TAR -> image().layer("no tar ".repeat(100).getBytes(StandardCharsets.UTF_8));
      case LAYER_END_MARKER -> image().layer(tar().file("f", "").bytes());
      case LAYER_TRAILING_DATA -> image().layer(tar().raw(new byte[1024]).file("f", ""));
      case LAYER_ENTRY_NAME -> image().layer(tar().pax("path", "n".repeat(256)).file("f", ""));
      case LAYER_ENTRY_TYPE -> image().layer(tar().member('s', "socket", ""));
      case LAYER_ROOT -> image().layer(tar().file(".", ""));
      case LAYER_DUPLICATE_PATH -> image().layer(tar().file("a/f", "1").file("./a//f", "2"));
      case LAYER_PATH_ESCAPE -> image().layer(tar().file("a/../../f", ""));
      case LAYER_ABSOLUTE_PATH -> image().layer(tar().file("/f", ""));
      case LAYER_LINK_TARGET -> image().layer(tar().link('2', "l", ""));
      case LAYER_HARD_LINK -> image().layer(tar().link('1', "l", "d").member('5', "d/", ""));
      case LAYER_WHITEOUT_NAME -> image().layer(tar().file("a/.wh.", ""));
      case LAYER_WHITEOUT_FILE -> image().layer(tar().member('5', ".wh.a/", ""));
      case LAYER_SPARSE ->
          image()
              .layer(tar().pax("GNU.sparse.size", "9", "GNU.sparse.map", "0,4").file("f", "text"));
    };
  }

  private static TestImage tagged(String name) {
    return image()
        .index(
            "manifests/0/annotations", "{\"org.opencontainers.image.ref.name\":\"" + name + "\"}");
  }

  private static TestImage annotated(String key, String value) {
    return image().manifest("annotations", "{\"" + key + "\":\"" + value + "\"}");
  }

  private static TestImage platform(String architecture) {
    return image()
        .index(
            "manifests/0/platform", "{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}");
  }

  /// A manifest of no image.
  private static TestImage artifact() {
    return image()
        .config(_ -> "{}")
        .manifest("config/mediaType", "\"" + MediaType.OCI_EMPTY + "\"")
        .manifest("artifactType", "\"application/vnd.example\"");
  }

  private static TestImage damaged(TestImage image) {
    return image.then(layout -> {
      byte[] blob = Files.readAllBytes(image.layerFile(layout));
      blob[0] ^= 1;
      Files.write(image.layerFile(layout), blob);
    });
  }

  private static TestImage absent(TestImage image) {
    return image.then(layout -> Files.delete(image.layerFile(layout)));
  }

  /// The same with the only element of its list there twice.
  private static String twice(String json) {
    return json.replaceFirst("\\[(.*)]", "[$1,$1]");
  }

  /// The same with the only element of the list `name` there too often to stack.
  private static String many(String json, String name) {
    return json.replaceFirst(
        "\"" + name + "\":\\[(.*?)]", "\"" + name + "\":[" + "$1,".repeat(127) + "$1]");
  }
}
