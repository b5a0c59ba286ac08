package dev.athanor.oci.validate;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha512;
import dev.athanor.oci.layer.TarBuilder;
import dev.athanor.oci.layout.LayoutWriter;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.registry.SampleImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.Blake3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is more than one rule; [RuleTest] has each of them.
final class LayoutValidatorTest {
  private static final byte[] TAR = new TarBuilder().file("f", "text").end();

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path layout = files.getPath("/work/image");
  private final MemoryBlobStore store = new MemoryBlobStore();

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void sound_givesNothing() throws IOException {
    new TestImage().write(layout);
    assertThat(findings()).isEmpty();

    write(LayoutWriter.tagged(SampleImage.withTarLayer().into(store), "v1"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void fullConfig_givesNothing() throws IOException {
    new TestImage()
        .config("created", "\"2015-10-31T22:22:56.0159252341234+01:00\"")
        .config("author", "null")
        .config("os.features", "[\"win32k\"]")
        .config("history", "[{\"created\":\"0001-01-01T00:00:00Z\",\"comment\":null}]")
        .config(
            "config",
            """
            {"User":"0:0","ExposedPorts":{"80":{},"8080/tcp":{}},"Env":["A=","B=c=d"],
             "Entrypoint":null,"Cmd":["sh"],"Volumes":{"/data":{}},"WorkingDir":"/",
             "Labels":{"key":""},"StopSignal":"SIGTERM","ArgsEscaped":true,"Memory":1,
             "Healthcheck":{"Test":["NONE"]},"OnBuild":null,"Shell":["sh"]}\
            """)
        .write(layout);

    assertThat(findings()).isEmpty();
  }

  @Test
  void nothingThere_namesEachFile() throws IOException {
    Files.createDirectories(layout);

    assertThat(rules()).containsExactly(Rule.LAYOUT_BLOBS, Rule.LAYOUT_FILES, Rule.LAYOUT_FILES);
  }

  @Test
  void oneBreach_hidesNoOther() throws IOException {
    new TestImage()
        .manifest("schemaVersion", "1")
        .manifest("layers/0/size", "\"large\"")
        .manifest("annotations", "{\"a\":null,\"b\":2}")
        .config("os", "")
        .config("config/Env", "[\"A\",1]")
        .config("history", "[{\"created\":\"now\"},{\"author\":{}}]")
        .write(layout);

    assertThat(rules())
        .containsExactly(
            Rule.MANIFEST_SCHEMA_VERSION,
            Rule.DESCRIPTOR_SIZE,
            Rule.ANNOTATIONS_VALUE,
            Rule.ANNOTATIONS_VALUE,
            Rule.CONFIG_OS,
            Rule.CONFIG_ENV,
            Rule.CONFIG_MEMBER_TYPE,
            Rule.CONFIG_CREATED,
            Rule.CONFIG_MEMBER_TYPE,
            Rule.CONFIG_HISTORY,
            Rule.LAYOUT_STRAY);
  }

  @Test
  void findings_sayWhere_errorsFirst() throws IOException {
    new TestImage()
        .layer(new TarBuilder().file("/b", "").file("a", "").file("./a", ""))
        .then(it -> Files.delete(it.resolve("oci-layout")))
        .write(layout);

    String layer =
        "sha256:"
            + store.put(new TarBuilder().file("/b", "").file("a", "").file("./a", "").end()).hex();
    assertThat(findings().stream().map(Finding::toString))
        .containsExactly(
            "layer.duplicate-path: " + layer + ": entry './a': is a second entry for /a",
            "layout.files: oci-layout: is not there",
            "warning: layer.absolute-path: " + layer + ": entry '/b': is an absolute name")
        .inOrder();
  }

  @Test
  void damagedTar_isReadToItsEndForTheDiffId() throws IOException {
    byte[] tar = new TarBuilder().file("a", "").file("a", "").raw(new byte[] {1, 2, 3}).end();
    new TestImage().layer(tar).write(layout);
    assertThat(rules()).containsExactly(Rule.LAYER_DUPLICATE_PATH, Rule.LAYER_TAR);

    new TestImage()
        .layer(tar)
        .config("rootfs/diff_ids", "[\"" + TestImage.ZEROS + "\"]")
        .withoutStrays()
        .write(layout);
    assertThat(rules())
        .containsExactly(Rule.LAYER_DUPLICATE_PATH, Rule.LAYER_TAR, Rule.LAYER_DIFF_ID);
  }

  @Test
  void unknownEntryType_endsNothing() throws IOException {
    new TestImage()
        .layer(new TarBuilder().member('M', "m", "data").file("a", "").file("a", ""))
        .write(layout);

    assertThat(rules()).containsExactly(Rule.LAYER_ENTRY_TYPE, Rule.LAYER_DUPLICATE_PATH);
  }

  @Test
  void findingsOnOneLayer_end() throws IOException {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 1000; i++) {
      tar.file("/" + i, "");
    }
    new TestImage().layer(tar).write(layout);

    assertThat(findings()).hasSize(100);
  }

  @Test
  void gzipLayer_isSound_unlessItIsCutOffOrGoesOn() throws IOException {
    byte[] gzip = gzip(TAR);
    new TestImage().layer(TAR, gzip, MediaType.OCI_LAYER_GZIP).write(layout);
    assertThat(findings()).isEmpty();

    new TestImage()
        .layer(TAR, Arrays.copyOf(gzip, gzip.length - 4), MediaType.OCI_LAYER_GZIP)
        .withoutStrays()
        .write(layout);
    assertThat(rules()).containsExactly(Rule.LAYER_COMPRESSION);

    new TestImage()
        .layer(TAR, Arrays.copyOf(gzip, gzip.length + 4), MediaType.OCI_LAYER_GZIP)
        .withoutStrays()
        .write(layout);
    assertThat(rules()).containsExactly(Rule.LAYER_COMPRESSION);
  }

  @Test
  void endlessDigest_isNone() throws IOException {
    new TestImage().descriptor("digest", "\"" + "a.".repeat(100_000) + "a:b\"").write(layout);

    assertThat(rules()).containsExactly(Rule.DESCRIPTOR_DIGEST_GRAMMAR);
  }

  @Test
  void whiteouts_areSound() throws IOException {
    new TestImage()
        .layer(new TarBuilder().file("a/.wh..wh..opq", "").file("a/.wh.b", "").file("a/b", ""))
        .write(layout);

    assertThat(findings()).isEmpty();
  }

  @Test
  void missingLayer_isSound_whenSparse_orElsewhere() throws IOException {
    TestImage image = new TestImage();
    image.then(it -> Files.delete(image.layerFile(it))).write(layout);
    assertThat(LayoutValidator.validate(layout, true)).isEmpty();

    image.manifest("layers/0/urls", "[\"https://example.com/layer\"]").withoutStrays();
    image.write(layout);
    assertThat(findings()).isEmpty();
  }

  @Test
  void everyDamagedBlob_isFound() throws IOException {
    SampleImage image = SampleImage.withTarLayer();
    write(image.into(store));
    for (Digest blob :
        List.of(image.manifest().digest(), image.config().digest(), layerOf(image).blob())) {
      write(image.into(store));
      Path file = layout.resolve("blobs/sha256/" + blob.hex());
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);

      assertThat(rules()).contains(Rule.BLOB_DIGEST);
    }
  }

  @Test
  void dockerDocuments_areHeldToTheirOwnTypes() throws IOException {
    new TestImage()
        .manifest("mediaType", "\"" + MediaType.DOCKER_MANIFEST + "\"")
        .manifest("config/mediaType", "\"" + MediaType.DOCKER_CONFIG + "\"")
        .layer(TAR, gzip(TAR), MediaType.DOCKER_LAYER_GZIP)
        .index("manifests/0/mediaType", "\"" + MediaType.DOCKER_MANIFEST + "\"")
        .write(layout);
    assertThat(findings()).isEmpty();

    new TestImage()
        .manifest("mediaType", "\"" + MediaType.DOCKER_MANIFEST + "\"")
        .manifest("config/mediaType", "\"" + MediaType.DOCKER_CONFIG + "\"")
        .config("os", "")
        .layer(TAR, TAR, MediaType.DOCKER_LAYER_GZIP)
        .withoutStrays()
        .write(layout);
    assertThat(rules())
        .containsExactly(Rule.MANIFEST_MEDIA_TYPE, Rule.CONFIG_OS, Rule.LAYER_COMPRESSION);
  }

  @Test
  void nestedIndex_isFollowed() throws IOException {
    Descriptor image = SampleImage.withTarLayer().into(store);
    Index inner = Index.of(List.of(image));
    store.put(inner.bytes());
    write(inner.descriptor());
    assertThat(findings()).isEmpty();

    Files.delete(layout.resolve("blobs/sha256/" + image.blob().hex()));
    assertThat(rules()).contains(Rule.BLOB_MISSING);
  }

  @Test
  void unknownTypes_areLeftAlone() throws IOException {
    new TestImage()
        .config(_ -> "no JSON")
        .manifest("config/mediaType", "\"application/vnd.example.config\"")
        .layer(new byte[] {1}, new byte[] {1}, "application/vnd.example.data")
        .write(layout);
    assertThat(findings()).isEmpty();

    new TestImage()
        .manifest(_ -> "no JSON")
        .index("manifests/0/mediaType", "\"application/vnd.example\"")
        .withoutStrays()
        .write(layout);
    assertThat(findings()).isEmpty();
  }

  @Test
  void subject_mayBeAbsent_andIsLookedAtWhenItIsThere() throws IOException {
    new TestImage().manifest("subject", TestImage.SOMETHING).write(layout);
    assertThat(findings()).isEmpty();

    byte[] index = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);
    Digest subject = TestImage.put(layout, index);
    new TestImage()
        .manifest("subject", TestImage.descriptor(MediaType.OCI_INDEX, subject))
        .withoutStrays()
        .write(layout);
    assertThat(rules()).containsExactly(Rule.INDEX_MANIFESTS);
  }

  @Test
  void otherAlgorithms_areRecomputed() throws IOException {
    Sha512 sha512 = new Sha512();
    sha512.write(TAR, 0, TAR.length);
    String blake3 = HexFormat.of().formatHex(Blake3.hash(TAR));
    for (String digest : List.of("sha512:" + sha512.hex(), "blake3:" + blake3)) {
      String folder = digest.substring(0, digest.indexOf(':'));
      Path blob = layout.resolve("blobs/" + digest.replace(':', '/'));
      TestImage image =
          new TestImage()
              .layer(TAR)
              .manifest("layers/0/digest", "\"" + digest + "\"")
              .config("rootfs/diff_ids", "[\"" + digest + "\"]")
              .withoutStrays()
              .then(it -> Files.createDirectories(it.resolve("blobs/" + folder)))
              .then(_ -> Files.write(blob, TAR));
      image.write(layout);
      assertThat(findings()).isEmpty();

      Files.writeString(blob, "damaged");
      assertThat(rules()).containsExactly(Rule.BLOB_DIGEST, Rule.BLOB_SIZE);
      Files.delete(blob);
    }
  }

  @Test
  void unknownAlgorithm_isBelieved() throws IOException {
    new TestImage()
        .layer(TAR)
        .manifest("layers/0/digest", "\"md5+b64:abc=\"")
        .withoutStrays()
        .then(it -> Files.createDirectories(it.resolve("blobs/md5+b64")))
        .then(it -> Files.write(it.resolve("blobs/md5+b64/abc="), TAR))
        .write(layout);

    assertThat(findings()).isEmpty();
  }

  /// BuildKit's attestations look like images whose layers are statements.
  @Test
  void attestation_givesNoError() throws IOException {
    byte[] statement = "{}".getBytes(StandardCharsets.UTF_8);
    new TestImage()
        .layer(statement, statement, "application/vnd.in-toto+json")
        .config("os", "\"unknown\"")
        .config("architecture", "\"unknown\"")
        .index("manifests/0/platform", "{\"os\":\"unknown\",\"architecture\":\"unknown\"}")
        .write(layout);

    assertThat(rules()).containsExactly(Rule.LAYER_MEDIA_TYPE);
    assertThat(findings().getFirst().isError()).isFalse();
  }

  @Test
  void noise_isReported_andNeverAnAccident() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      byte[] tar = TAR.clone();
      tar[random.nextInt(600)] = (byte) random.nextInt();
      new TestImage()
          .layer(tar)
          .config(text -> noisy(text, random))
          .manifest(text -> noisy(text, random))
          .index(text -> random.nextInt(4) == 0 ? noisy(text, random) : text)
          .write(layout);

      assertThat(findings()).isNotNull();
    }
  }

  /// The same with one piece of it gone, doubled or put elsewhere.
  private static String noisy(String json, Random random) {
    List<String> tokens = new ArrayList<>(List.of(json.split("(?<=[\\[\\]{},:])", -1)));
    String token = tokens.get(random.nextInt(tokens.size()));
    int at = random.nextInt(tokens.size());
    switch (random.nextInt(4)) {
      case 0 -> tokens.set(at, token);
      case 1 -> tokens.add(at, token);
      case 2 -> tokens.set(at, "null" + token.replaceAll("[^,:\\]}]", ""));
      default -> tokens.set(at, "");
    }
    return String.join("", tokens);
  }

  private static Descriptor layerOf(SampleImage image) {
    return image.manifest().layers().getFirst();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes);
    }
    return gzip.toByteArray();
  }

  private void write(Descriptor... entries) throws IOException {
    LayoutWriter.write(layout, List.of(entries), store);
  }

  private List<Finding> findings() throws IOException {
    return LayoutValidator.validate(layout, false);
  }

  private List<Rule> rules() throws IOException {
    return findings().stream().map(Finding::rule).toList();
  }
}
