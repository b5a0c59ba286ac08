package dev.athanor.oci.model;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;

/// Finds the image for one platform in an index, however deep it is nested.
///
/// The first entry that matches wins, as the specification says. Entries of unknown media type and
/// attestations that pose as platforms are passed over.
public final class PlatformChoice {
  /// How deep indexes may nest; real ones nest two deep.
  public static final int MAX_DEPTH = 8;

  private final Platform wanted;
  private final Part.Loader loader;
  private final TreeSet<String> seen = new TreeSet<>();

  private PlatformChoice(Platform wanted, Part.Loader loader) {
    this.wanted = wanted;
    this.loader = loader;
  }

  /// The descriptor of the image for `wanted`.
  ///
  /// @throws UserException when there is none; the message lists the platforms there are
  public static Descriptor choose(Index index, Platform wanted, Part.Loader loader)
      throws IOException {
    PlatformChoice choice = new PlatformChoice(wanted, loader);
    List<Descriptor> found = choice.search(index, 0);
    if (found.isEmpty()) {
      throw new UserException(
          "no image for " + wanted + " in index sha256:" + index.digest().hex(),
          choice.seen.isEmpty()
              ? "its entries name no platform"
              : "there are images for " + String.join(", ", choice.seen));
    }
    return found.getFirst();
  }

  /// No or one descriptor.
  private List<Descriptor> search(Index index, int depth) throws IOException {
    for (Descriptor entry : index.manifests()) {
      boolean nested = MediaType.isIndex(entry.mediaType());
      if (!nested && !MediaType.isManifest(entry.mediaType())) {
        continue;
      }
      entry.platform().filter(p -> !p.isUnknown()).ifPresent(p -> seen.add(p.toString()));
      boolean fits = entry.platform().map(p -> p.satisfies(wanted)).orElse(nested);
      if (fits && !nested) {
        return List.of(entry);
      }
      if (fits) {
        List<Descriptor> found = descend(entry, depth + 1);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return onlyUnnamed(index);
  }

  private List<Descriptor> descend(Descriptor entry, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new DocumentException("index " + entry.digest(), "nested too deeply");
    }
    return loader.load(entry) instanceof Index index ? search(index, depth) : List.of();
  }

  /// A lone image that names no platform needs no choice; its config tells what it is for.
  private static List<Descriptor> onlyUnnamed(Index index) {
    boolean lone =
        index.manifests().size() == 1
            && index.manifests().getFirst().platform().isEmpty()
            && MediaType.isManifest(index.manifests().getFirst().mediaType());
    return lone ? index.manifests() : List.of();
  }
}
