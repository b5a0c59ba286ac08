package dev.athanor.oci.lock;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.PlatformChoice;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.RegistryClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a tag stands for.
///
/// @param root the manifest or index that the tag names
/// @param platforms the manifest of each image in it, by platform; where the root is a manifest,
///   that one
public record LockedImage(Descriptor root, SortedMap<String, Descriptor> platforms) {
  public LockedImage {
    root = root.plain();
    platforms = Collections.unmodifiableSortedMap(new TreeMap<>(platforms));
  }

  /// Asks a registry.
  ///
  /// @throws UserException when it has no such image
  public static LockedImage resolve(Reference tag, RegistryClient client) throws IOException {
    ImageDocument document = client.document(tag);
    SortedMap<String, Descriptor> platforms = new TreeMap<>();
    switch (document) {
      case Manifest manifest ->
          platforms.put(
              platform(manifest, tag.repository(), client).toString(), manifest.descriptor());
      case Index index -> collect(index, tag.repository(), client, platforms, 0);
    }
    return new LockedImage(document.descriptor(), platforms);
  }

  private static Platform platform(Manifest manifest, Repository repository, RegistryClient client)
      throws IOException {
    if (!manifest.isImage()) {
      throw new UserException(
          repository + " has no image under this tag but an artifact of another type");
    }
    ImageConfig config = ImageConfig.parse(client.smallBlob(repository, manifest.config().blob()));
    return config.platform().normalized();
  }

  /// The first image of a platform counts: it is what every client takes.
  private static void collect(
      Index index,
      Repository repository,
      RegistryClient client,
      SortedMap<String, Descriptor> platforms,
      int depth)
      throws IOException {
    for (Descriptor entry : index.manifests()) {
      if (MediaType.isManifest(entry.mediaType())) {
        entry
            .platform()
            .filter(platform -> !platform.isUnknown() && platform.isSpelled())
            .ifPresent(
                platform -> platforms.putIfAbsent(platform.normalized().toString(), entry.plain()));
      } else if (MediaType.isIndex(entry.mediaType())
          && depth < PlatformChoice.MAX_DEPTH
          && client.document(repository, entry) instanceof Index nested) {
        collect(nested, repository, client, platforms, depth + 1);
      }
    }
  }

  /// The manifest of the image for a platform.
  ///
  /// @throws UserException when there is none; the message lists the platforms there are
  public Descriptor choose(Platform wanted) {
    List<Descriptor> entries = new ArrayList<>();
    platforms.forEach(
        (platform, manifest) -> entries.add(manifest.withPlatform(Platform.parse(platform))));
    try {
      return PlatformChoice.choose(Index.of(entries), wanted, nested -> Index.of(List.of()))
          .plain();
    } catch (UserException e) {
      throw new UserException("no image for " + wanted, e.hint().orElse(""), e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonObject json() {
    JsonObject json = json(root);
    JsonObject all = new JsonObject();
    platforms.forEach((platform, manifest) -> all.add(platform, json(manifest)));
    json.add("platforms", all);
    return json;
  }

  private static JsonObject json(Descriptor descriptor) {
    JsonObject json = new JsonObject();
    json.addProperty("digest", descriptor.digest().toString());
    json.addProperty("mediaType", descriptor.mediaType());
    json.addProperty("size", descriptor.size());
    return json;
  }

  /// Reads what [#json] made.
  static LockedImage read(JsonObject json) {
    SortedMap<String, Descriptor> platforms = new TreeMap<>();
    json.getAsJsonObject("platforms")
        .entrySet()
        .forEach(entry -> {
          var _ = Platform.parse(entry.getKey());
          platforms.put(entry.getKey(), descriptor(entry.getValue().getAsJsonObject()));
        });
    return new LockedImage(descriptor(json), platforms);
  }

  private static Descriptor descriptor(JsonObject json) {
    return Descriptor.of(
        json.get("mediaType").getAsString(),
        new Digest(
            OciDigest.parse(json.get("digest").getAsString()).sha256(),
            json.get("size").getAsLong()));
  }
}
