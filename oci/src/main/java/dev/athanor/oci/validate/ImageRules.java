package dev.athanor.oci.validate;

import dev.athanor.oci.layer.Compression;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What only manifest, config and layers together can show.
final class ImageRules {
  /// overlayfs in current kernels and container runtimes.
  private static final int MAX_LAYERS = 127;

  private final Blobs blobs;
  private final boolean sparse;
  private final Findings findings;
  private final Set<LayerRules.Claim> read = new HashSet<>();

  /// @param sparse whether layers may be absent
  ImageRules(Blobs blobs, boolean sparse, Findings findings) {
    this.blobs = blobs;
    this.sparse = sparse;
    this.findings = findings;
  }

  void check(Target manifest, ManifestRules.Parts parts) throws IOException {
    Optional<ConfigRules.Facts> config = config(parts);
    config.ifPresent(facts -> checkPlatform(manifest, facts));
    if (parts.layers().isEmpty()) {
      return;
    }
    List<Optional<Target>> layers = parts.layers().get();
    Optional<List<Optional<String>>> diffIds =
        config.flatMap(facts -> diffIds(manifest, layers.size(), facts));
    if (parts.isImage() && layers.size() > MAX_LAYERS) {
      findings.add(
          Rule.LAYER_COUNT,
          manifest.digest(),
          layers.size() + " layers, runtimes stack " + MAX_LAYERS);
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).isPresent()) {
        Target layer = layers.get(i).get();
        checkMediaType(layer, parts.isImage());
        int index = i;
        checkLayer(layer, diffIds.flatMap(ids -> ids.get(index)).orElse(""));
      }
    }
  }

  private Optional<ConfigRules.Facts> config(ManifestRules.Parts parts) throws IOException {
    if (parts.config().isEmpty()) {
      return Optional.empty();
    }
    Target config = parts.config().get();
    @Nullable Path file = blobs.find(config, false);
    return file == null || !parts.isImage()
        ? Optional.empty()
        : JsonRules.read(file, config.digest(), true, findings).map(ConfigRules::check);
  }

  private void checkPlatform(Target manifest, ConfigRules.Facts facts) {
    facts
        .platform()
        .filter(actual -> manifest.platform().filter(it -> !same(it, actual)).isPresent())
        .ifPresent(actual ->
            findings.add(
                Rule.CONFIG_PLATFORM,
                manifest.digest(),
                manifest.platform().orElseThrow() + " is said, " + actual + " it is"));
  }

  /// The diff ids of a config, if they are as many as the layers.
  private Optional<List<Optional<String>>> diffIds(
      Target manifest, int layers, ConfigRules.Facts facts) {
    String where = manifest.digest();
    facts
        .histories()
        .filter(count -> count != layers)
        .ifPresent(count ->
            findings.add(
                Rule.CONFIG_HISTORY,
                where,
                layers + " layers, " + count + " history entries for them"));
    int ids = facts.diffIds().map(List::size).orElse(layers);
    if (ids != layers) {
      findings.add(Rule.CONFIG_DIFF_IDS, where, layers + " layers, " + ids + " diff ids");
      return Optional.empty();
    }
    return facts.diffIds();
  }

  /// The version of an operating system may be told in one place only.
  private static boolean same(Platform a, Platform b) {
    Platform one = a.normalized();
    Platform two = b.normalized();
    return one.os().equals(two.os())
        && one.architecture().equals(two.architecture())
        && one.variant().equals(two.variant());
  }

  private void checkMediaType(Target layer, boolean isImage) {
    String mediaType = layer.mediaType();
    if (isImage && compression(mediaType).isEmpty()) {
      findings.add(
          Rule.LAYER_MEDIA_TYPE, layer.digest(), "'" + mediaType + "' is no layer of an image");
    }
    if (MediaType.isNonDistributable(mediaType)) {
      findings.add(Rule.LAYER_NON_DISTRIBUTABLE, layer.digest(), mediaType + " is deprecated");
    }
  }

  private void checkLayer(Target layer, String diffId) throws IOException {
    @Nullable Path file = blobs.find(layer, sparse || layer.elsewhere());
    Optional<Compression> compression = compression(layer.mediaType());
    if (file != null && compression.isPresent()) {
      LayerRules.Claim claim = new LayerRules.Claim(layer.digest(), compression.get(), diffId);
      if (read.add(claim)) {
        new LayerRules(claim, findings).check(file);
      }
    }
  }

  /// How a layer of the media type is wrapped; empty when there is no saying, and no reading.
  private static Optional<Compression> compression(String mediaType) {
    if (!MediaType.isLayer(mediaType)) {
      return Optional.empty();
    }
    return switch (mediaType.substring(mediaType.lastIndexOf(".tar"))) {
      case ".tar" -> Optional.of(Compression.NONE);
      case ".tar+gzip", ".tar.gzip" -> Optional.of(Compression.GZIP);
      case ".tar+zstd", ".tar.zstd" -> Optional.of(Compression.ZSTD);
      default -> Optional.empty();
    };
  }
}
