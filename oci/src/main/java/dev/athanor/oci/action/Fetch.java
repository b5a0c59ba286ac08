package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.PlatformChoice;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.RegistryClient;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings an image's manifest and config out of a registry, by digest. Its layers stay where they
/// are.
///
/// Output: the image's file. Parameters: `repository`, `sha`, `anonymous`; `platform` where one was
/// asked for, as `os/architecture/variant` with empty parts where nothing was; and `choice` where
/// only an index is to be chosen from: an image may be for anything then.
public final class Fetch extends OciAction {
  private final OciActions.Registries registries;

  Fetch(OciActions.Registries registries) {
    super("oci.fetch", 1, Resource.NETWORK);
    this.registries = registries;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(
      Repository repository, Sha256 sha, Wish wish, boolean anonymous) {
    SortedMap<String, String> params = new TreeMap<>();
    params.put("repository", repository.toString());
    params.put("sha", sha.hex());
    params.put("anonymous", String.valueOf(anonymous));
    switch (wish) {
      case Wish.Nothing() -> {}
      case Wish.Must(var platform) -> params.put("platform", platform);
      case Wish.Choose(var platform) -> params.put("choice", platform);
    }
    return params;
  }

  /// Which image is wanted.
  public sealed interface Wish {
    /// The only one there is.
    record Nothing() implements Wish {}

    /// One for this platform: `os/architecture/variant`, with empty parts where anything will do.
    record Must(String platform) implements Wish {}

    /// Of several the one for this platform. A lone image may be for another one: it may hold tools
    /// for the machine that builds.
    record Choose(String platform) implements Wish {}
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Repository repository = Repository.parse(context.param("repository"));
    OciDigest pinned = OciDigest.of(Sha256.parse(context.param("sha")));
    RegistryClient client = registries.client(Boolean.parseBoolean(context.param("anonymous")));
    Optional<String> platform = Optional.ofNullable(context.action().params().get("platform"));
    Optional<String> choice =
        platform.or(() -> Optional.ofNullable(context.action().params().get("choice")));
    BlobStore blobs = context.blobs();
    Set<Digest> kept = new LinkedHashSet<>();

    ImageDocument document = client.document(repository.digest(pinned));
    kept.add(blobs.put(document.bytes()));
    Manifest manifest =
        switch (document) {
          case Manifest direct -> direct;
          case Index index -> child(index, choice, repository, client, kept, context);
        };
    if (!manifest.isImage()) {
      throw new ActionException(
          repository.digest(pinned)
              + " is not an image but an artifact of type "
              + manifest.artifactType().orElse(manifest.config().mediaType()),
          "");
    }
    client.pullBlob(repository, manifest.config().blob(), blobs);
    kept.add(manifest.config().blob());
    ImageConfig config = ImageConfig.parse(blobs.read(manifest.config().blob()));
    manifest.check(config);
    platform.ifPresent(
        wanted -> checkPlatform(config.platform(), wanted, repository.digest(pinned)));
    context.refersTo(kept);
    context.write(context.action().outputs().getFirst(), image(manifest, repository).encode());
  }

  private static Manifest child(
      Index index,
      Optional<String> platform,
      Repository repository,
      RegistryClient client,
      Set<Digest> kept,
      ActionContext context)
      throws IOException {
    Descriptor chosen;
    if (platform.isEmpty()) {
      chosen = only(index, repository);
    } else {
      chosen =
          PlatformChoice.choose(
              index,
              platform(platform.get()),
              nested -> (Index) client.document(repository, nested));
    }
    ImageDocument document = client.document(repository, chosen);
    kept.add(context.blobs().put(document.bytes()));
    if (document instanceof Manifest manifest) {
      return manifest;
    }
    throw new ActionException(chosen + " is not the manifest of an image", "");
  }

  /// Without a wish the choice must be clear: never the platform of whoever builds.
  private static Descriptor only(Index index, Repository repository) {
    List<Descriptor> images =
        index.manifests().stream()
            .filter(entry -> entry.platform().map(p -> !p.isUnknown()).orElse(true))
            .toList();
    if (images.size() != 1) {
      List<String> platforms =
          images.stream()
              .map(entry -> entry.platform().map(Platform::toString).orElse("unknown"))
              .toList();
      throw new ActionException(
          repository
              + ": the digest names an index of "
              + images.size()
              + " images: "
              + String.join(", ", platforms),
          "choose one with os and architecture or --platform, or pin the digest of an image");
    }
    return images.getFirst();
  }

  /// What a [Wish] wants, with Linux and amd64 where it leaves that open.
  public static Platform platform(String wanted) {
    String[] parts = wanted.split("/", -1);
    return Platform.of(
            parts[0].isEmpty() ? "linux" : parts[0],
            parts[1].isEmpty() ? "amd64" : parts[1],
            parts[2])
        .normalized();
  }

  private static void checkPlatform(Platform actual, String wanted, Object reference) {
    if (!actual.normalized().satisfies(platform(wanted))) {
      throw new ActionException(
          reference + " is an image for " + actual + ", not for " + platform(wanted),
          "pin the digest of the index, or of the image for that platform");
    }
  }

  private static Image image(Manifest manifest, Repository repository) {
    SortedMap<String, Repository> origins = new TreeMap<>();
    manifest.layers().forEach(layer -> origins.put(layer.digest().toString(), repository));
    return new Image(Descriptor.of(manifest.mediaType(), manifest.digest()), origins);
  }
}
