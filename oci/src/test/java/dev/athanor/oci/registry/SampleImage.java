package dev.athanor.oci.registry;

import com.google.gson.JsonObject;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.History;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A small image with layers of noise, the same for the same seed.
public record SampleImage(Manifest manifest, ImageConfig config, List<byte[]> layers) {
  public static SampleImage of(long seed, int... layerSizes) {
    return of(seed, Platform.of("linux", "amd64"), layerSizes);
  }

  public static SampleImage of(long seed, Platform platform, int... layerSizes) {
    Random random = new Random(seed);
    List<byte[]> layers = new ArrayList<>();
    for (int size : layerSizes) {
      byte[] layer = new byte[size];
      random.nextBytes(layer);
      layers.add(layer);
    }
    return of(layers, seed, platform);
  }

  private static SampleImage of(List<byte[]> layers, long seed, Platform platform) {
    ImageConfig config = ImageConfig.empty(platform).withEnv("SEED", String.valueOf(seed));
    List<Descriptor> descriptors = new ArrayList<>();
    for (byte[] layer : layers) {
      descriptors.add(Descriptor.of(MediaType.OCI_LAYER, Digester.digest(layer)));
      config =
          config
              .withDiffId(OciDigest.of(Digester.digest(layer)))
              .withHistory(new History("", "sample", "", "", false));
    }
    Descriptor described = Descriptor.of(MediaType.OCI_CONFIG, config.digest());
    return new SampleImage(Manifest.of(described, descriptors), config, layers);
  }

  /// An image whose only layer is a real, empty tar.
  public static SampleImage withTarLayer() {
    return of(List.of(new byte[1024]), 0, Platform.of("linux", "amd64"));
  }

  /// The manifest as that of an artifact of some type, about something else.
  static Manifest about(Descriptor subject, String artifactType, Manifest manifest) {
    JsonObject json = StrictJson.readObject(manifest.bytes(), "manifest");
    json.addProperty("artifactType", artifactType);
    json.add("subject", StrictJson.readObject(subject.bytes(), "descriptor"));
    return Manifest.parse(manifest.mediaType(), CanonicalJson.write(json));
  }

  /// Puts every byte of it into `store`.
  public Descriptor into(BlobStore store) throws IOException {
    for (byte[] layer : layers) {
      store.put(layer);
    }
    store.put(config.bytes());
    store.put(manifest.bytes());
    return manifest.descriptor();
  }

  /// Puts every byte of it into a registry.
  public void into(FakeRegistry registry, String path, String tag) {
    layers.forEach(layer -> registry.add(path, layer));
    registry.add(path, config.bytes());
    registry.add(path, tag, manifest);
  }
}
