package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Part;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Copies an image or index from one repository to another as it is, with all it is made of.
///
/// The target is asked first: where everything is as it should be, the source never hears of us,
/// unless what refers to the image is to come along. Blobs that the target's registry has or can
/// mount do not move; the others pass through a store.
final class Copy {
  private final RegistryClient client;
  private final Repository from;
  private final BlobStore store;
  private final Map<Digest, Repository> origins = new HashMap<>();
  private final Set<OciDigest> copied = new HashSet<>();

  Copy(RegistryClient client, Repository from, BlobStore store) {
    this.client = client;
    this.from = from;
    this.store = store;
  }

  /// @param referrers whether what refers to the image comes along: signatures, SBOMs, and what
  ///   refers to these
  /// @param dry whether the target stays as it is
  PushReceipt run(
      OciDigest digest, Repository to, List<String> tags, boolean referrers, boolean dry)
      throws IOException {
    PushReceipt receipt = copy(digest, to, tags, dry);
    if (referrers) {
      for (OciDigest subject : subjects(digest)) {
        receipt = receipt.and(copyReferrers(subject, to, dry));
      }
    }
    return receipt;
  }

  /// What may be signed: the document itself, and those in it.
  private List<OciDigest> subjects(OciDigest root) throws IOException {
    List<OciDigest> subjects = new ArrayList<>(List.of(root));
    if (client.document(from.digest(root)) instanceof Index index) {
      for (Descriptor child : index.manifests()) {
        if (MediaType.DOCUMENTS.contains(child.mediaType())) {
          subjects.addAll(subjects(child.digest()));
        }
      }
    }
    return subjects;
  }

  private PushReceipt copy(OciDigest digest, Repository to, List<String> tags, boolean dry)
      throws IOException {
    copied.add(digest);
    return client
        .pushTo(to, store, origins, dry)
        .run(digest, tags, () -> collected(client.document(from.digest(digest))));
  }

  /// Brings all documents into the store, and remembers where blobs may be had.
  private ImageDocument collected(ImageDocument document) throws IOException {
    for (Part part : Part.all(document, child -> client.document(from, child))) {
      if (part.document().isPresent()) {
        var _ = store.put(part.document().get().bytes());
      } else {
        origins.put(part.descriptor().blob(), from);
      }
    }
    return document;
  }

  private List<PushReceipt> copyReferrers(OciDigest subject, Repository to, boolean dry)
      throws IOException {
    List<PushReceipt> receipts = new ArrayList<>();
    for (Descriptor referrer : client.referrers(from, subject, "")) {
      if (!copied.contains(referrer.digest())) {
        receipts.add(copy(referrer.digest(), to, List.of(), dry));
        receipts.addAll(copyReferrers(referrer.digest(), to, dry));
      }
    }
    return receipts;
  }
}
