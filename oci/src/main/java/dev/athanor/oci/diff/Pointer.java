package dev.athanor.oci.diff;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.diff.Place;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A descriptor in a document, read without asking much of it.
record Pointer(JsonObject json, Digest blob) {
  private static final Pattern SHA_256 = Pattern.compile("sha256:([0-9a-f]{64})");
  private static final Pattern ITEM = Pattern.compile("\\$\\.(\\w+)\\[(\\d+)]");
  private static final String DIGEST = "digest";
  private static final String SIZE = "size";

  static Optional<Pointer> of(JsonElement value) {
    if (value instanceof JsonObject json
        && json.get(DIGEST) instanceof JsonPrimitive digest
        && json.get(SIZE) instanceof JsonPrimitive size) {
      Matcher hash = SHA_256.matcher(digest.getAsString());
      if (hash.matches() && size.getAsString().matches("[0-9]{1,18}")) {
        return Optional.of(
            new Pointer(
                json, new Digest(Sha256.parse(hash.group(1)), Long.parseLong(size.getAsString()))));
      }
    }
    return Optional.empty();
  }

  /// Whether both are descriptors whose blobs are at hand, or need not be because they are the
  /// same.
  static boolean bothThere(JsonElement one, JsonElement other, BlobStore blobs) throws IOException {
    Optional<Pointer> was = of(one);
    Optional<Pointer> is = of(other);
    return was.isPresent()
        && is.isPresent()
        && (was.get().blob.equals(is.get().blob)
            || (blobs.contains(was.get().blob) && blobs.contains(is.get().blob)));
  }

  /// The descriptor without what names the blob.
  JsonObject rest() {
    JsonObject rest = json.deepCopy();
    rest.remove(DIGEST);
    rest.remove(SIZE);
    return rest;
  }

  /// What people call the blob that stands at `path` of a document; a file that stands for an image
  /// has nothing but its manifest.
  Place place(String path, Place document) {
    if (path.equals("$.manifest")) {
      return document;
    }
    Matcher item = ITEM.matcher(path);
    if (!item.matches()) {
      return document.in(path.startsWith("$.") ? path.substring(2) : path);
    }
    int number = Integer.parseInt(item.group(2)) + 1;
    return switch (item.group(1)) {
      case "layers" -> document.in("layer " + number);
      case "manifests" -> document.in("manifest " + platform().orElse(Integer.toString(number)));
      default -> document.in(path.substring(2));
    };
  }

  private Optional<String> platform() {
    return json.get("platform") instanceof JsonObject platform
            && platform.get("os") instanceof JsonPrimitive os
            && platform.get("architecture") instanceof JsonPrimitive architecture
        ? Optional.of(os.getAsString() + "/" + architecture.getAsString())
        : Optional.empty();
  }
}
