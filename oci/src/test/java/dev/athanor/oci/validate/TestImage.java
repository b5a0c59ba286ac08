package dev.athanor.oci.validate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.TarBuilder;
import dev.athanor.oci.model.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A layout with one image of one layer: sound, until a test changes it.
///
/// Documents are changed member by member before they are written, so that digests and sizes of
/// what names them are right all the same.
final class TestImage {
  static final String ZEROS = "sha256:" + "0".repeat(64);

  /// A sound descriptor of something that is not there.
  static final String SOMETHING =
      "{\"mediaType\":\"application/vnd.example\",\"digest\":\"" + ZEROS + "\",\"size\":1}";

  private static final Pattern DIGEST = Pattern.compile("\"digest\":\"sha256:([0-9a-f]+)\"");

  private final Document config = new Document();
  private final Document manifest = new Document();
  private final Document index = new Document();
  private final List<Finish> finishes = new ArrayList<>();
  private byte[] layer = new TarBuilder().member('5', "etc/", "").file("etc/app", "text").end();
  private byte[] tar = layer;

  /// What is done to the layout when it is written.
  interface Finish {
    void in(Path layout) throws IOException;
  }

  /// A document that will be.
  private static final class Document {
    private final List<Consumer<JsonObject>> edits = new ArrayList<>();
    private UnaryOperator<String> text = UnaryOperator.identity();

    byte[] bytes(String json) {
      JsonObject object = JsonParser.parseString(json).getAsJsonObject();
      edits.forEach(edit -> edit.accept(object));
      return text.apply(object.toString()).getBytes(StandardCharsets.UTF_8);
    }
  }

  /// Sets a member of the config.
  ///
  /// @param path names and numbers, with slashes between them
  /// @param json its new value; empty takes it away
  TestImage config(String path, String json) {
    return edit(config, path, json);
  }

  TestImage config(UnaryOperator<String> text) {
    config.text = text;
    return this;
  }

  TestImage manifest(String path, String json) {
    return edit(manifest, path, json);
  }

  TestImage manifest(UnaryOperator<String> text) {
    manifest.text = text;
    return this;
  }

  TestImage index(String path, String json) {
    return edit(index, path, json);
  }

  TestImage index(UnaryOperator<String> text) {
    index.text = text;
    return this;
  }

  /// Sets a member of a descriptor in the manifest whose content nobody looks at.
  TestImage descriptor(String name, String json) {
    return manifest("subject", SOMETHING).manifest("subject/" + name, json);
  }

  TestImage layer(byte[] tar) {
    return layer(tar, tar, MediaType.OCI_LAYER);
  }

  TestImage layer(TarBuilder tar) {
    return layer(tar.end());
  }

  TestImage layer(byte[] tar, byte[] blob, String mediaType) {
    this.layer = blob;
    this.tar = tar;
    return manifest("layers/0/mediaType", "\"" + mediaType + "\"");
  }

  TestImage then(Finish finish) {
    finishes.add(finish);
    return this;
  }

  /// Leaves out the blobs that the index does not lead to any more.
  TestImage withoutStrays() {
    return then(layout -> {
      Set<String> reached = new HashSet<>();
      reach(layout, layout.resolve("index.json"), reached);
      try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
        for (Path blob : blobs.filter(it -> !reached.contains(it.toString())).toList()) {
          Files.delete(blob);
        }
      }
    });
  }

  private static void reach(Path layout, Path document, Set<String> reached) throws IOException {
    reached.add(document.toString());
    String text = Files.readString(document, StandardCharsets.ISO_8859_1);
    for (MatchResult digest : DIGEST.matcher(text).results().toList()) {
      Path blob = layout.resolve("blobs/sha256").resolve(digest.group(1));
      if (Files.exists(blob)) {
        reach(layout, blob, reached);
      }
    }
  }

  private TestImage edit(Document document, String path, String json) {
    document.edits.add(object -> set(object, List.of(path.split("/", -1)), json));
    return this;
  }

  private static void set(JsonElement owner, List<String> path, String json) {
    String first = path.getFirst();
    List<String> rest = path.subList(1, path.size());
    switch (owner) {
      case JsonArray array when rest.isEmpty() ->
          array.set(Integer.parseInt(first), JsonParser.parseString(json));
      case JsonArray array -> set(array.get(Integer.parseInt(first)), rest, json);
      case JsonObject object when rest.isEmpty() && json.isEmpty() -> object.remove(first);
      case JsonObject object when rest.isEmpty() -> object.add(first, JsonParser.parseString(json));
      default -> set(((JsonObject) owner).get(first), rest, json);
    }
  }

  /// Writes the layout.
  void write(Path layout) throws IOException {
    Digest layerBlob = put(layout, layer);
    Digest configBlob = put(layout, config.bytes(config()));
    Digest manifestBlob = put(layout, manifest.bytes(manifest(configBlob, layerBlob)));
    Files.write(
        layout.resolve("index.json"),
        index.bytes(
            "{\"schemaVersion\":2,\"manifests\":["
                + descriptor(MediaType.OCI_MANIFEST, manifestBlob)
                + "]}"));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    for (Finish finish : finishes) {
      finish.in(layout);
    }
  }

  private String config() {
    return """
    {"architecture":"amd64","os":"linux","config":{},\
    "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
    """
        .formatted(Digester.digest(tar).hex());
  }

  private static String manifest(Digest config, Digest layer) {
    return """
    {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
    """
        .formatted(
            MediaType.OCI_MANIFEST,
            descriptor(MediaType.OCI_CONFIG, config),
            descriptor(MediaType.OCI_LAYER, layer));
  }

  static String descriptor(String mediaType, Digest blob) {
    return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d}"
        .formatted(mediaType, blob.hex(), blob.size());
  }

  static Digest put(Path layout, byte[] blob) throws IOException {
    Digest digest = Digester.digest(blob);
    Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.write(layout.resolve("blobs/sha256/" + digest.hex()), blob);
    return digest;
  }

  /// Where the blob of the layer is.
  Path layerFile(Path layout) {
    return layout.resolve("blobs/sha256/" + Digester.digest(layer).hex());
  }
}
