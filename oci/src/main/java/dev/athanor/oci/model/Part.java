package dev.athanor.oci.model;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Something that an image or index is made of.
///
/// @param document its content, where it is one
public record Part(Descriptor descriptor, Optional<ImageDocument> document) {
  /// Brings the content of a document that another one names.
  public interface Loader {
    ImageDocument load(Descriptor descriptor) throws IOException;
  }

  /// All that `root` is made of, itself first, once each and before what it names itself.
  public static Collection<Part> all(ImageDocument root, Loader loader) throws IOException {
    Map<OciDigest, Part> found = new LinkedHashMap<>();
    add(root.descriptor(), Optional.of(root), loader, found);
    return found.values();
  }

  private static void add(
      Descriptor descriptor,
      Optional<ImageDocument> document,
      Loader loader,
      Map<OciDigest, Part> found)
      throws IOException {
    if (found.putIfAbsent(descriptor.digest(), new Part(descriptor, document)) == null
        && document.isPresent()) {
      for (Descriptor child : document.get().children()) {
        boolean isDocument = MediaType.DOCUMENTS.contains(child.mediaType());
        add(child, isDocument ? Optional.of(loader.load(child)) : Optional.empty(), loader, found);
      }
    }
  }
}
