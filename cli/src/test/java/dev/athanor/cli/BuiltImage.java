package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.digest.Digester;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// An image as others read it: a layout on disk, with nothing of ours but the digest. Every blob is
/// held against its name.
record BuiltImage(Path layout, JsonObject entry, JsonObject manifest, JsonObject config) {
  /// The only image of a layout.
  static BuiltImage in(Path layout) {
    JsonObject index = json(bytes(layout.resolve("index.json")));
    JsonObject entry = index.getAsJsonArray("manifests").get(0).getAsJsonObject();
    JsonObject manifest = json(blob(layout, entry));
    return new BuiltImage(
        layout, entry, manifest, json(blob(layout, manifest.getAsJsonObject("config"))));
  }

  String digest() {
    return entry.get("digest").getAsString();
  }

  /// What a container of it is started with.
  JsonObject runtime() {
    return config.has("config") ? config.getAsJsonObject("config") : new JsonObject();
  }

  List<String> words(String name) {
    JsonArray words = runtime().getAsJsonArray(name);
    return words == null ? List.of() : words.asList().stream().map(w -> w.getAsString()).toList();
  }

  List<String> history() {
    return config.getAsJsonArray("history").asList().stream()
        .map(step -> step.getAsJsonObject().get("created_by").getAsString())
        .toList();
  }

  int layers() {
    return manifest.getAsJsonArray("layers").size();
  }

  /// The entries of a layer as `mode owner:group mtime name`, directories with a slash.
  List<String> entries(int layer) {
    List<String> entries = new ArrayList<>();
    try (TarArchiveInputStream tar = open(layer)) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        entries.add(
            "%04o %d:%d %d %s"
                .formatted(
                    e.getMode() & 07777,
                    e.getLongUserId(),
                    e.getLongGroupId(),
                    e.getLastModifiedTime().toMillis() / 1000,
                    e.getName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  /// The names in a layer.
  List<String> names(int layer) {
    return entries(layer).stream().map(entry -> entry.split(" ", 4)[3]).toList();
  }

  String file(int layer, String name) {
    try (TarArchiveInputStream tar = open(layer)) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        if (e.getName().equals(name)) {
          return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no " + name + " in " + names(layer));
  }

  private TarArchiveInputStream open(int layer) throws IOException {
    JsonObject descriptor = manifest.getAsJsonArray("layers").get(layer).getAsJsonObject();
    InputStream in = new ByteArrayInputStream(blob(layout, descriptor));
    boolean gzip = descriptor.get("mediaType").getAsString().endsWith("gzip");
    return new TarArchiveInputStream(gzip ? new GZIPInputStream(in) : in, "UTF-8");
  }

  private static byte[] blob(Path layout, JsonObject descriptor) {
    String hex = descriptor.get("digest").getAsString().replaceFirst("^sha256:", "");
    byte[] bytes = bytes(layout.resolve("blobs/sha256").resolve(hex));
    if (!Digester.digest(bytes).hex().equals(hex)
        || bytes.length != descriptor.get("size").getAsLong()) {
      throw new AssertionError("not what its descriptor says: " + descriptor);
    }
    return bytes;
  }

  private static JsonObject json(byte[] bytes) {
    return JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
