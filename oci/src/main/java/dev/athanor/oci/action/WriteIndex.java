package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts images for several platforms together in one index. An index among them gives all its
/// images: few tools follow an index in an index.
///
/// Inputs: the images' files, in the order of the index's entries. Output: the index's file.
/// Parameters: `annotation.NAME` for each of the index's annotations, and `platform.N` where the
/// image of that number must be for a platform.
public final class WriteIndex extends OciAction {
  private static final String ANNOTATION = "annotation.";
  private static final String PLATFORM = "platform.";

  WriteIndex() {
    super("oci.index", 1, Resource.DISK);
  }

  /// The parameters of an action of this type.
  ///
  /// @param platforms what each image must be for; empty where none is asked
  public static SortedMap<String, String> params(
      SortedMap<String, String> annotations, List<String> platforms) {
    SortedMap<String, String> params = new TreeMap<>();
    annotations.forEach((name, value) -> params.put(ANNOTATION + name, value));
    for (int i = 0; i < platforms.size(); i++) {
      params.put(PLATFORM + i, platforms.get(i));
    }
    return params;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    BlobStore blobs = context.blobs();
    List<Artifact> inputs = context.action().inputs();
    List<Descriptor> entries = new ArrayList<>();
    SortedMap<String, Repository> origins = new TreeMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Image image = Images.read(context.file(inputs.get(i)), blobs);
      Optional<Platform> wanted =
          Optional.ofNullable(context.action().params().get(PLATFORM + i)).map(Platform::parse);
      entries.addAll(entries(image, wanted, blobs));
      origins.putAll(image.origins());
    }
    checkDistinct(entries);
    SortedMap<String, String> annotations = new TreeMap<>();
    context
        .action()
        .params()
        .forEach((name, value) -> {
          if (name.startsWith(ANNOTATION)) {
            annotations.put(name.substring(ANNOTATION.length()), value);
          }
        });
    Index index = Index.of(entries);
    if (!annotations.isEmpty()) {
      index = index.withAnnotations(annotations);
    }
    Digest digest = blobs.put(index.bytes());
    context.refersTo(List.of(digest));
    context.write(
        context.action().outputs().getFirst(),
        new Image(Descriptor.of(index.mediaType(), digest), origins).encode());
  }

  private static List<Descriptor> entries(Image image, Optional<Platform> wanted, BlobStore blobs)
      throws IOException {
    return switch (Images.document(image, blobs)) {
      case Index index -> index.manifests();
      case Manifest manifest -> {
        Platform platform = Images.config(manifest, blobs).platform();
        if (wanted.isPresent() && !platform.normalized().satisfies(wanted.get())) {
          throw new ActionException(
              "the image for " + wanted.get() + " came out as one for " + platform,
              "its base is for "
                  + platform
                  + " alone: pin the digest of an index, or choose the base with select");
        }
        yield List.of(image.manifest().withPlatform(platform));
      }
    };
  }

  /// Whoever pulls takes the first image that fits, so a second one would never be found.
  private static void checkDistinct(List<Descriptor> entries) {
    Set<Platform> seen = new HashSet<>();
    for (Descriptor entry : entries) {
      Optional<Platform> platform = entry.platform().filter(known -> !known.isUnknown());
      if (platform.isPresent() && !seen.add(platform.get().normalized())) {
        throw new ActionException(
            "two of the images are for " + platform.get(), "an index has one for each platform");
      }
    }
  }
}
