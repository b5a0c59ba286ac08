package dev.athanor.oci.layout;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Platform;
import dev.athanor.oci.model.PlatformChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Chooses one image among the entry points of a layout or an archive.
public final class ImageChoice {
  private ImageChoice() {}

  /// The manifest of the only image, or of the one with that tag; of an index, the one for
  /// `platform`.
  ///
  /// @param blobs have the documents
  /// @param name of the layout or archive, for errors
  /// @throws UserException when there is none, or several
  public static Manifest choose(
      List<Descriptor> entries,
      BlobStore blobs,
      Optional<String> tag,
      Platform platform,
      String name)
      throws IOException {
    ImageDocument document = ImageDocument.read(entry(entries, tag, name), blobs);
    if (document instanceof Index index) {
      Descriptor chosen =
          PlatformChoice.choose(index, platform, nested -> ImageDocument.read(nested, blobs));
      document = ImageDocument.read(chosen, blobs);
    }
    if (document instanceof Manifest manifest && manifest.isImage()) {
      return manifest;
    }
    throw new UserException(name + " is an artifact, not an image");
  }

  private static Descriptor entry(List<Descriptor> entries, Optional<String> tag, String name) {
    Map<String, Descriptor> byDigest = new LinkedHashMap<>();
    List<String> tags = new ArrayList<>();
    for (Descriptor entry : entries) {
      tags.addAll(tags(entry).toList());
      if (tag.isEmpty() || tags(entry).anyMatch(it -> isNamed(it, tag.get()))) {
        byDigest.put(entry.digest().toString(), entry);
      }
    }
    if (byDigest.size() != 1) {
      throw new UserException(
          name + " holds " + byDigest.size() + " such images",
          tags.isEmpty() ? "none has a tag" : "choose by tag: there are " + tags);
    }
    return byDigest.values().iterator().next();
  }

  private static Stream<String> tags(Descriptor entry) {
    return Stream.of(Layout.REF_NAME, ArchiveWriter.IMAGE_NAME)
        .flatMap(annotation -> Stream.ofNullable(entry.annotations().get(annotation)));
  }

  /// Archives have whole references as tags.
  private static boolean isNamed(String tag, String wanted) {
    return tag.equals(wanted) || tag.endsWith(":" + wanted);
  }
}
